import { fold } from '../collation.ts';
import { defineResource } from '../define-resource.ts';
import { fieldDocs } from '../field-docs.ts';
import { readForm, type Field } from '../form.ts';
import { endSubscriber } from '../lifecycle.ts';
import { invalid, type JsonObject } from '../refusal.ts';
import type { Resource } from '../resource.ts';
import type { DomainRow } from '../rows.ts';
import { addDomain } from '../seed.ts';

/** Syntax is not checked: a name with spaces passes (sipwise-ngcp.md §8.8). */
const DOMAIN_FIELD: Field = { name: 'domain', label: 'Domain', kind: 'text', required: true, max: 127 };
const RESELLER_FIELD: Field = { name: 'reseller_id', label: 'Reseller', kind: 'integer', required: true };

export const domains: Resource = defineResource<DomainRow>({
  name: 'domains',
  entity: 'domain',
  collectionMethods: ['GET', 'POST'],
  itemMethods: ['GET', 'DELETE'],
  fields: fieldDocs([DOMAIN_FIELD, RESELLER_FIELD]),
  sortable: ['id', 'domain'],
  filters: {
    domain: {
      kind: 'pattern',
      column: (row) => row.domain,
      index: (state, exact) => {
        const row = state.domainByName.get(exact);
        return row ? [row] : [];
      },
    },
    reseller_id: { kind: 'plain', column: (row) => row.reseller_id },
  },
  table: (state) => state.domains,
  resellerOf: (row) => row.reseller_id,
  represent: ({ id, domain, reseller_id: resellerId }, { account }): JsonObject =>
    account.resellerId === null ? { id, domain, reseller_id: resellerId } : { id, domain },
  create(input, { state, account }) {
    const own = account.resellerId;
    const values = readForm(own === null ? [DOMAIN_FIELD, RESELLER_FIELD] : [DOMAIN_FIELD], input);
    const name = String(values['domain']);
    const resellerId = own ?? Number(values['reseller_id']);
    if (state.domainByName.has(fold(name))) throw invalid(`Domain '${name}' already exists.`);
    const reseller = state.resellers.get(resellerId);
    if (!reseller || reseller.status === 'terminated') throw invalid("Invalid 'reseller_id', doesn't exist.");
    return state.domains.get(addDomain(state, name, resellerId))!;
  },
  /** Never refuses: its subscribers go with it (§8.8). */
  remove(row, { state }) {
    for (const subscriber of state.subscribers.values()) {
      if (subscriber.domain === row) endSubscriber(state, subscriber, { trace: false });
    }
    state.domains.delete(row.id);
    state.domainByName.delete(fold(row.domain));
  },
});
