import { z } from 'zod';
import { ORDER_EXAMPLES } from '../../src/orders/model/examples.ts';
import { orderShape } from '../../src/orders/model/index.ts';
import { memberTable, refName, type Shown, typeOf } from './schema-tables.ts';

const INTRODUCTION = `# The order, as posted

<!-- Generated from the model in src/orders/model by "npm run docs". Do not edit. -->

\`POST /v1/orders\` takes one JSON object in UTF-8. It is checked whole before anything is stored or called: a wrong order
is answered with **422** and every fault at once, each with the path of its member:

\`\`\`json
{
  "title": "The order is not valid",
  "status": 422,
  "code": "TURNUP_INVALID_ORDER",
  "errors": [
    { "path": "subscribers.0.number", "message": "must not hold letters; write it in E.164 form, e.g. +43987610001" },
    { "path": "deadline", "message": "must lie in the future" }
  ]
}
\`\`\`

Text that is not one JSON object, or that has a member twice, is answered with **400**.

With \`?dryRun=true\` it is checked and answered with its [plan](../plans.md), and not placed.
`;

const RULES = `## Rules

**Everywhere**

- Members that are not listed here are refused, and so is whatever the platform cannot express: nothing is dropped in silence.
- Control characters, NUL and lone surrogates are refused in every text and every name of a member, also within \`native\`
  and \`preferences\`; so are numbers that JSON cannot keep exactly.
- \`null\` clears a member in a \`modify\` order and is refused in every other, except \`times\`, where it means always, and
  within \`native\` and \`args\`.
- An empty text in \`contact\` means absent.

**By action**

| action | what it carries |
|---|---|
| \`provision\` | the customer and at least one subscriber, or operations, or both |
| \`modify\` | the customer, named by \`externalId\`, and only what changes. Subscribers are named by \`username\` and \`domain\`. A list or object that is given replaces what was there, \`null\` clears, what is left out stays |
| \`suspend\`, \`resume\`, \`terminate\` | \`customer.externalId\`, and \`subscribers\` by \`username\` and \`domain\` (those) or none (the whole customer); nothing else |

Which actions, call forwards and operations a target offers is told by \`GET /v1/targets/{name}\`.

**Unique in an order**

- ids, over subscribers and operations;
- username and domain together, letter case ignored;
- every number, over all numbers and aliases, compared by its digits.

**Numbers**

- A number must be a possible E.164 number: its country code exists and its length fits. It need not be assigned.
- A text becomes country code and subscriber number with an empty area code, unless \`areaCodes\` of the target names a
  prefix of it: with \`+431\` there, \`+4319876\` becomes \`{ "cc": "43", "ac": "1", "sn": "9876" }\`. The longest prefix wins.
- A number given in parts is taken as it is.

**Times**

- \`deadline\` lies in the future and after \`notBefore\`.
- A window of a call forward ends later than it starts.

**Secrets** are sealed before the order is stored and never come back. A password that is left out of a \`provision\` order
is generated, and can be read by the client that placed the order from \`GET /v1/orders/{id}/credentials\`.

**The same order again**: the same \`externalId\` (or \`Idempotency-Key\`) with the same content is answered with **200** and
the order as it is now; with other content with **422** \`TURNUP_DUPLICATE_ORDER\`. Content is the same when it is equal
after this page's rules and defaults, whatever the order of members and the form of numbers.
`;

function section(name: string, shown: Shown): string[] {
  const head = [`### ${name}`, '', shown.description ?? '', ''];
  if (!shown.anyOf) return [...head, ...memberTable(shown), ''];
  const branches = shown.anyOf.flatMap((branch) =>
    branch.properties
      ? ['Or an object:', '', ...memberTable(branch), '']
      : [`Either ${typeOf(branch)}: ${branch.description ?? ''}`, ''],
  );
  return [...head, ...branches];
}

function examples(): string[] {
  return Object.values(ORDER_EXAMPLES).flatMap(({ title, text, order }) => [
    `### ${title}`,
    '',
    text,
    '',
    '```json',
    JSON.stringify(order, null, 2),
    '```',
    '',
  ]);
}

/** The page `docs/reference/order.md`, from the model. */
export function renderOrderReference(): string {
  const schema = z.toJSONSchema(orderShape, { io: 'input' }) as Shown;
  const { [refName(schema)]: order, ...objects } = schema.$defs ?? {};
  const lines = [
    INTRODUCTION,
    '## Members',
    '',
    ...memberTable(order ?? {}),
    '',
    ...Object.entries(objects).flatMap(([name, shown]) => section(name, shown)),
    RULES,
    '## Examples',
    '',
    ...examples(),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}
