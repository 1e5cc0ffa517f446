import { z } from 'zod';
import { account, domain, id, text, userAndDomain, username } from '../operations/scalars.ts';

/** A read that is one call. */
export interface ReadSpec {
  readonly title: string;
  readonly service: string;
  readonly operation: string;
  /** Named as the platform names its arguments; of a query, so numbers arrive as text. */
  readonly params: z.ZodObject;
  /** Element of the answer. */
  readonly element: string;
  /** Whether the answer is a list: one that is empty is no element. */
  readonly isList: boolean;
}

const read =
  (isList: boolean) =>
  (title: string, call: string, element: string, params: z.ZodRawShape): ReadSpec => {
    const [service = '', operation = ''] = call.split('.');
    return { title, service, operation, params: z.strictObject(params), element, isList };
  };

const many = read(true);
const one = read(false);

const number = <T extends z.ZodInt>(type: T) => z.coerce.number().pipe(type);
const ofDomain = { domain };

/** By the name in the path. */
export const READS: Readonly<Record<string, ReadSpec>> = {
  domains: many('Domains that the login reaches', 'DomainWS.listDomains', 'domain', {}),
  profiles: many('Profiles of a domain', 'ProfileWS.listProfilesByDomain', 'profile', ofDomain),
  ratePlans: many('Rate plans of a domain', 'RatePlanWS.listRatePlansByDomain', 'ratePlan', ofDomain),
  rates: many('Rates of a domain', 'RateWS.listRatesByParams', 'rate', {
    ...ofDomain,
    rateId: number(z.int().min(0).max(2_147_483_647)).optional(),
    prefix: text(32).optional(),
    // The platform's own spelling.
    descripion: text(128).optional(),
  }),
  dialPlans: many('Dial plans of a domain', 'DialplanWS.listDialplansByDomain', 'dialplan', ofDomain),
  availableDids: many('Numbers of a domain that nobody has', 'DidWS.listAvailablesNumbers', 'did', ofDomain),
  dids: many('DIDs of an account', 'DidWS.listByAcc', 'did', { accountCode: account }),
  credit: one('Credit of a subscriber', 'SubscriberWS.retrieveCredit', 'return', userAndDomain),
  resellerCredit: one('Credit of a reseller', 'ResellerWS.retrieveResellerCredit', 'return', {
    resellerId: number(id),
  }),
  resellers: many('Resellers of a domain', 'ResellerWS.listByDomain', 'reseller', ofDomain),
  dailyQuota: one('Daily quota of a subscriber', 'SubscriberWS.retrieveDailyQuota', 'dailyQuotaDTO', userAndDomain),
  monthlyQuota: one(
    'Monthly quota of a subscriber',
    'SubscriberWS.retrieveMonthlyQuotaDTO',
    'monthlyQuotaDTO',
    userAndDomain,
  ),
  locations: many('Locations of a subscriber', 'UserLocationWS.listUserLocations', 'userLocation', userAndDomain),
  whiteList: many('White list of a subscriber', 'WhiteListWS.listWhiteList', 'whiteList', userAndDomain),
  addresses: many('IP addresses of a subscriber', 'AddressWS.lisAddresses', 'address', userAndDomain),
  huntGroups: many('Hunt groups of a domain', 'HuntGroupWS.listHuntGroups', 'huntGroup', ofDomain),
  accountGroup: one('Account group of a manager', 'AccountGroupWS.retrieveAccountGroup', 'return', {
    accountManager: account,
  }),
  subscriber: one('A subscriber', 'SubscriberWS.retrieveSubscriber', 'return', { username, domain }),
  classV: one('Forwards and groups of a subscriber', 'SubscriberWS.retrieveSubscriberClassV', 'return', userAndDomain),
};
