import { z } from 'zod';
import { ERROR_CLASSES } from '../../../errors/index.ts';
import { COMPANY_KEYS, FIELDS, USER_KEYS } from './fields.ts';
import { OBJECTS, OPERATIONS, type Nature, type OperationName } from './operations.ts';

/*
 * The shape of a profile. What shape cannot say is in rules.ts. The JSON Schema that editors are given is made from
 * this, so each member says what it is.
 */

const short = z.string().min(1).max(200);
const pointer = z.string().max(500).describe('JSON Pointer (RFC 6901); empty: the whole document.');
const template = z.string().min(1).max(1000);
const plain = z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]);
const status = z.int().min(100).max(599);
const statuses = z.union([status, z.array(status).min(1).max(50)]).describe('HTTP status, or several.');
const duration = z
  .string()
  .regex(/^[1-9]\d{0,5}(?:ms|s|m|h)$/, 'must be a time such as 500ms, 30s or 10m')
  .describe('A time: `500ms`, `30s`, `10m`.');

const test = {
  at: pointer.optional().describe('What is looked at.'),
  equals: plain.optional().describe('It is this.'),
  not: plain.optional().describe('It is there and is not this.'),
  in: z.array(plain).min(1).max(100).optional().describe('It is one of these.'),
  present: z.boolean().optional().describe('true: it is there and not null; false: it is not.'),
  empty: z.literal(true).optional().describe('It is an empty list, an empty text or null.'),
};

const condition = z.strictObject({ status: statuses.optional(), ...test });
const conditions = z.union([condition, z.array(condition).min(1).max(50)]);

const found = z.strictObject({
  status: statuses,
  at: pointer.default('').describe('Where the thing, or with `many` the list of them, is.'),
  many: z.boolean().default(false).describe('There is a list; those with the key count.'),
  when: z.strictObject(test).optional().describe('What else must be so.'),
});
const founds = z.union([found, z.array(found).min(1).max(20)]);

const query = z.record(short, template);
const paging = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('page').describe('Pages by number.'),
      param: short,
      first: z.int().min(0).max(1).default(1),
      size: z.int().min(1).max(10_000).describe('A page with fewer is the last.'),
      sizeParam: short.optional(),
    }),
    z.strictObject({
      kind: z.literal('offset').describe('By the number of things before.'),
      param: short,
      size: z.int().min(1).max(10_000).describe('A page with fewer is the last.'),
      sizeParam: short.optional(),
    }),
    z.strictObject({
      kind: z.literal('cursor').describe('By what the page before told.'),
      param: short,
      next: pointer.describe('Where the page tells it; nothing there: it was the last.'),
    }),
  ])
  .describe('How a list is read that does not come at once.');

const call = {
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: template.describe('Beneath the URL of the target, with {placeholders}.'),
  query: query.optional(),
  headers: z.record(short, template).optional(),
  set: z.record(pointer, plain).optional().describe('Members of the body by pointer, with {placeholders} in texts.'),
  format: z.enum(['json', 'form', 'xml']).optional().describe('Of the body; left out: as in defaults.'),
};
const ticket = pointer.describe('Where the answer tells the ticket of a queued call; needs `jobs`.');
const id = z
  .string()
  .max(500)
  .describe('Where the id is: a pointer from the thing found, or from the answer of a create, or `header:location`.');

const NATURES = {
  find: z.strictObject({
    ...call,
    found: founds,
    absent: conditions.optional(),
    id: id.optional(),
    paging: paging.optional(),
  }),
  create: z.strictObject({
    ...call,
    body: z.enum(OBJECTS).optional().describe('Whose fields are sent.'),
    done: conditions,
    exists: conditions.optional().describe('It is there already.'),
    id: id.optional(),
    ticket: ticket.optional(),
    repeat: z.enum(['unsafe', 'idempotent']).describe('What a second create with the same key does.'),
  }),
  change: z.strictObject({
    ...call,
    body: z.enum(OBJECTS).optional(),
    send: z
      .enum(['changed', 'whole'])
      .default('changed')
      .describe('Only fields that change, or the thing as it was read with those in it.'),
    done: conditions,
    absent: conditions.optional().describe('It is not there (any more).'),
    ticket: ticket.optional(),
    children: z
      .enum(['refused', 'taken-along'])
      .optional()
      .describe('Of a remove: what the portal does when something still hangs on it.'),
  }),
  read: z.strictObject({ ...call, found: founds, absent: conditions.optional() }),
  list: z.strictObject({
    ...call,
    found: founds,
    absent: conditions.optional(),
    paging: paging.optional(),
    show: z.record(short, pointer).optional().describe('What is told of each, by pointer.'),
  }),
} satisfies Record<Nature, z.ZodType>;

type Shapes = { [Name in OperationName]: z.ZodOptional<(typeof NATURES)[Nature]> };

const operations = z.strictObject(
  Object.fromEntries(
    Object.entries(OPERATIONS).map(([name, { nature, title }]) => [name, NATURES[nature].optional().describe(title)]),
  ) as unknown as Shapes,
);

const jobs = z.strictObject({
  poll: z.strictObject({
    method: z.enum(['GET', 'POST']).default('GET'),
    path: template,
    query: query.optional(),
    headers: z.record(short, template).optional(),
    pending: conditions,
    done: conditions,
    failed: conditions,
    result: pointer.default('').describe('Where the answer of the call itself then is.'),
    text: pointer.optional().describe('What the portal says of a failed call.'),
  }),
  every: duration.default('5s'),
  for: duration.default('10m').describe('After this the outcome counts as unknown.'),
});

const fieldMembers = {
  at: pointer,
  as: z.string().max(100).default('text').describe('Converter: `text`, `national`, `bool:S/N`, `enum:profile` …'),
  list: z
    .union([z.literal(true), z.string().min(1).max(5)])
    .optional()
    .describe('A list: `true` as such, or one text with this between the elements.'),
  empty: plain.optional().describe('What is sent to clear it; left out: null.'),
  required: z.boolean().optional().describe('The portal refuses what lacks it.'),
  max: z.int().min(1).max(100_000).optional().describe('Most characters.'),
};
const field = z.union([pointer, z.strictObject(fieldMembers)]);
const nativeField = z.union([
  pointer,
  z.strictObject({ ...fieldMembers, title: short.optional().describe('What a person reads.') }),
]);

const fieldsOf = (names: Readonly<Record<string, unknown>>) =>
  z.strictObject(Object.fromEntries(Object.keys(names).map((name) => [name, field.optional()])));

const named = z.record(z.string().regex(/^[A-Za-z][\w.-]{0,63}$/), nativeField);

const secretRef = z.string().min(1).max(64).default('password').describe('`password` of `auth`, or one of `secrets`.');

const auth = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('basic').describe('HTTP Basic with the login of the target.') }),
  z.strictObject({ kind: z.literal('bearer').describe('A token that was agreed.'), secretRef }),
  z.strictObject({
    kind: z.literal('header').describe('A header of its own.'),
    name: z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'must be the name of a header'),
    prefix: z.string().max(50).default(''),
    secretRef,
  }),
  z.strictObject({ kind: z.literal('client-certificate').describe('`tls.cert` and `tls.key` of the target.') }),
  z.strictObject({
    kind: z.literal('oauth-client-credentials').describe('RFC 6749 §4.4 with the login of the target.'),
    path: template,
    send: z.enum(['basic', 'body']).default('basic').describe('Where the client id and secret stand.'),
    scope: short.optional(),
    expired: conditions.optional().describe('Answers that ask for a new token; left out: 401.'),
  }),
  z.strictObject({
    kind: z.literal('login-session').describe('A call that logs in.'),
    method: z.enum(['POST', 'GET']).default('POST'),
    path: template,
    format: z.enum(['json', 'form', 'xml']).optional(),
    set: z.record(pointer, plain).describe('The body, with {username}, {password} or the name of a secret in texts.'),
    done: conditions,
    refused: conditions.describe('Wrong login, expired password and the like.'),
    token: pointer.optional().describe('Where the token is; left out: a cookie.'),
    cookie: short.optional().describe('Name of the cookie that is the session.'),
    header: z
      .strictObject({ name: short.default('Authorization'), prefix: z.string().max(50).default('Bearer ') })
      .prefault({}),
    expired: conditions.optional().describe('Answers that ask for a new login; left out: 401.'),
  }),
]);

const error = z.strictObject({
  status: statuses.optional(),
  ...test,
  class: z.enum(ERROR_CLASSES).describe('What Turnup then does (docs/faults.md).'),
  on: z.array(z.string().max(64)).min(1).max(50).optional().describe('Operations it is about; left out: all.'),
  text: pointer.optional().describe('Where the portal says it in words.'),
  hint: z.string().min(1).max(500).optional().describe('What an operator is to do.'),
});

export const profileShape = z
  .strictObject({
    $schema: z.string().max(500).optional(),
    schema: z.literal('turnup.webportal/1'),
    title: short.describe('Manual and edition that it was written from.'),
    verifiedAgainst: z.enum(['none', 'gui', 'production']).describe('What it was held against so far.'),
    basePath: z.string().max(200).optional().describe('In front of every path, e.g. `/api`.'),
    auth,
    defaults: z
      .strictObject({
        format: z.enum(['json', 'form', 'xml']).default('json'),
        accept: short.default('application/json'),
        dates: z.string().min(1).max(100).default("yyyy-MM-dd'T'HH:mm:ssXXX"),
        countryCode: z
          .string()
          .regex(/^[1-9]\d{0,2}$/, 'must be a country code without plus')
          .default('39'),
        headers: z.record(short, z.string().max(500)).default({}),
      })
      .prefault({}),
    keys: z
      .strictObject({
        company: z.enum(COMPANY_KEYS).default('externalId').describe('What a company is known by.'),
        user: z.enum(USER_KEYS).default('number').describe('What a user is known by.'),
      })
      .prefault({}),
    operations,
    jobs: jobs.optional(),
    fields: z.strictObject({
      company: fieldsOf(FIELDS.company).optional(),
      office: fieldsOf(FIELDS.office).optional(),
      user: fieldsOf(FIELDS.user).optional(),
      services: named.optional().describe('By the names that orders have them under `preferences`.'),
      callForwards: fieldsOf(FIELDS.callForwards).optional(),
      voicemail: fieldsOf(FIELDS.voicemail).optional(),
      wlr: named
        .optional()
        .describe('Of a rented line, by the names that operations of orders have them under `fields`.'),
      antifraud: named.optional().describe('Limits of a number, in the same way.'),
    }),
    native: z
      .strictObject({ company: named.optional(), office: named.optional(), user: named.optional() })
      .default({})
      .describe("The portal's own fields, which orders carry under `native`."),
    values: z
      .record(short, z.record(short, plain))
      .default({})
      .describe('Words of the portal, by list and word of ours.'),
    secret: z
      .array(short)
      .max(100)
      .default([])
      .describe('Fields that are secrets: `user.password`, `native.user.puk`.'),
    errors: z.array(error).max(200).default([]).describe('What answers mean; the first that matches counts.'),
  })
  .meta({ title: 'Wire profile of a webportal target' });

export type ProfileShape = z.output<typeof profileShape>;
export type ConditionShape = z.output<typeof condition>;
export type FoundShape = z.output<typeof found>;
export type PagingShape = z.output<typeof paging>;
export type FieldShape = z.output<typeof field>;
export type AuthShape = z.output<typeof auth>;
