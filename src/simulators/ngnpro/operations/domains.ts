import { checkTouch } from '../actor.ts';
import { invalid, NgnproFault } from '../fault.ts';
import { listOf } from '../lists.ts';
import { domainOf, ownershipFrom, visible, type Operations } from '../operation.ts';
import type { Columns, OwnedRow } from '../rows.ts';
import { timestamp } from '../state.ts';
import { flag, struct, text, type Struct } from '../values.ts';

export const DOMAIN_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

const columnsOf = (given: Struct): Columns => ({
  certificate: text(given, 'certificate'),
  private_key: text(given, 'private_key'),
  match_ip_address: text(given, 'match_ip_address'),
  match_sip_domain: text(given, 'match_sip_domain'),
  verify_cert: flag(given, 'verify_cert'),
  require_cert: flag(given, 'require_cert'),
});

const shown = ({ key, ownership, columns, changed }: OwnedRow): Struct => ({
  domain: key,
  ...ownership,
  ...columns,
  changeDate: timestamp(changed),
});

export const domainOperations: Operations = {
  addDomain(args, context) {
    const given = struct(args, 'domain');
    const name = text(given, 'domain');
    if (!DOMAIN_NAME.test(name)) throw invalid(`domain ${name}`);
    const { domains } = context.state;
    if (domains.has(name)) throw new NgnproFault('domainPresent', name);
    const row: OwnedRow = {
      key: name,
      ownership: ownershipFrom(given, context),
      columns: columnsOf(given),
      changed: context.at,
    };
    domains.set(name, row);
    return shown(row);
  },

  updateDomain(args, context) {
    const given = struct(args, 'domain');
    const row = domainOf(text(given, 'domain'), context);
    Object.assign(row, { ownership: ownershipFrom(given, context), columns: columnsOf(given), changed: context.at });
    return shown(row);
  },

  /** Refused while accounts or aliases are in it: assumed. */
  deleteDomain(args, context) {
    const { key } = domainOf(text(args, 'domain'), context);
    const { domains, accounts, aliases } = context.state;
    if ([...accounts.values(), ...aliases.values()].some(({ domain }) => domain === key)) {
      throw new NgnproFault('domainInUse', key);
    }
    domains.delete(key);
  },

  getDomains(args, context) {
    const rows = visible(context.state.domains.values(), context, ({ ownership }) => ownership);
    const { items, total } = listOf(
      struct(args, 'query'),
      rows,
      ({ key, ownership, changed }) => ({ domain: key, ...ownership, changeDate: changed }),
      shown,
    );
    return { domains: items, total };
  },
};

/** @throws NgnproFault unless this login may touch the domain, if there is one */
export function checkDomain(name: string, context: Parameters<typeof domainOf>[1]): void {
  const domain = context.state.domains.get(name);
  if (domain) checkTouch(context.actor, domain.ownership);
}
