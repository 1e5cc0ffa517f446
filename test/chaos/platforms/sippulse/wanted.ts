import type { StepSeen } from '../../seen.ts';
import type { Case } from '../../audit/evidence.ts';
import type { OrderBody, SubscriberBody } from '../../orders.ts';
import type { Made, Row } from '../../audit/things.ts';
import { accountOf, KEYS } from './things.ts';

/* What an order says of a subscriber, in the platform's own words (sippulse.md, "DTOs"). */

/** What the target's configuration says of new subscribers. */
export const DEFAULTS = { ratePlanId: 21, cps: 9 } as const;

const COUNTRY = '55';

/** Numbers of the target's own country go without its code. */
function platformDigits(number: string): string {
  const digits = number.replace('+', '');
  return digits.startsWith(COUNTRY) ? digits.slice(COUNTRY.length) : digits;
}

const FORWARDS: Readonly<Record<string, string>> = { unconditional: 'callFwd', busy: 'fwdBusy', noAnswer: 'noAnswer' };
const SWITCHES = ['active', 'dailyStatistics', 'privacyCalls', 'topologyHiding'];
const SERVICES = ['cps', 'keepAlive'];

function preferencesOf({ preferences = {} }: SubscriberBody, kind: string): Row {
  const kindOf = (name: string): string => {
    if (SWITCHES.includes(name)) return 'switches';
    if (SERVICES.includes(name)) return 'services';
    return /^(?:daily|monthly)Quota/.test(name) ? 'quotas' : 'preferences';
  };
  return Object.fromEntries(Object.entries(preferences).filter(([name]) => kindOf(name) === kind));
}

/** An empty text for a forward that is taken away. */
export function forwardsOf({ callForwards, domain }: SubscriberBody): Row {
  const uriOf = (to: string): string => (to.startsWith('+') ? `sip:${platformDigits(to)}@${domain}` : to);
  const none = callForwards === null ? Object.keys(FORWARDS).map((type) => [type, null] as const) : [];
  const rings = callForwards?.['noAnswer']?.ringTimeout;
  return {
    ...Object.fromEntries(
      [...none, ...Object.entries(callForwards ?? {})].map(([type, forward]) => [
        FORWARDS[type]!,
        forward ? uriOf(forward.destinations[0]!.to) : '',
      ]),
    ),
    ...(rings !== undefined && { rings }),
  };
}

/** Members that a step of a subscriber sets; null where it sets none. */
export function changesOfSubscriber({ customer }: OrderBody, body: SubscriberBody, kind: string): Row | null {
  switch (kind) {
    case 'subscriber':
      return null;
    case 'callForwards':
      return forwardsOf(body);
    case 'preferences':
    case 'switches':
      return preferencesOf(body, kind);
    case 'services':
      return preferencesOf(body, kind);
    case 'quotas':
      return Object.fromEntries(
        Object.entries(preferencesOf(body, kind)).map(([name, value]) => [`dailyQuota.${name}`, value]),
      );
    case 'voicemail':
      return { voicemail: true, voiceMailPassword: Number(body.voicemail?.pin) };
    default:
      return customer ? null : {};
  }
}

function newSubscriber({ customer }: OrderBody, body: SubscriberBody): Row {
  const { firstName, lastName, email, city, phone = '' } = customer?.contact ?? {};
  const { password, webPassword = password } = body;
  return {
    username: body.username,
    domain: body.domain,
    contractNumber: customer?.externalId,
    firstName,
    lastName,
    city,
    phone: Number(phone?.replace('+', '')),
    emailAddress: email,
    cps: DEFAULTS.cps,
    ...(customer?.billingProfile === undefined && { ratePlanId: DEFAULTS.ratePlanId }),
    ...(password !== undefined && { password }),
    ...(webPassword !== undefined && { passwordPortal: webPassword }),
  };
}

/** What a step puts on the platform for a subscriber. */
export function madeForSubscriber({ entry }: Case, body: SubscriberBody, step: StepSeen): Made[] {
  const account = accountOf({ ...body });
  const {
    whiteList = [],
    addresses = [],
    locations = [],
  } = (body.native ?? {}) as {
    whiteList?: readonly string[];
    addresses?: readonly Row[];
    locations?: readonly string[];
  };
  const ids = (step.result?.['entries'] ?? {}) as Readonly<Record<string, unknown>>;
  const unnamed = (key: string, members: Row = {}): Made => ({ key, members, id: null });
  switch (step.kind) {
    case 'subscriber':
      return [
        {
          key: KEYS.subscriber(account),
          members: newSubscriber(entry.body, body),
          id: step.result?.['subscriberId'] ?? null,
        },
      ];
    case 'numbers':
      return numbersOf(body).map((digits) => ({
        key: KEYS.did(digits, account),
        members: {},
        id: ids[digits] ?? null,
      }));
    case 'whiteList':
      return whiteList.map((prefix) => ({
        key: KEYS.whiteList(prefix, account),
        members: {},
        id: ids[prefix] ?? null,
      }));
    case 'addresses':
      return addresses.map((address) => unnamed(KEYS.address(address, account), address));
    case 'locations':
      return locations.map((contact) => unnamed(KEYS.location(contact, account)));
    case 'accountGroup': {
      const { accountGroup } = (entry.body.customer?.native ?? {}) as { accountGroup?: { accountManager: string } };
      return [unnamed(KEYS.member(account, accountGroup?.accountManager ?? ''))];
    }
    default:
      return [];
  }
}

/** Numbers that need a DID: all but one that is the user name. */
export function numbersOf({ username, number, aliases = [] }: SubscriberBody): string[] {
  const all = [...(typeof number === 'string' ? [number] : []), ...(aliases ?? [])];
  return all.map(platformDigits).filter((digits) => digits !== username);
}
