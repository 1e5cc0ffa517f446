import { z } from 'zod';
import { CUSTOMER } from './customer.ts';
import { MAILBOX } from './mailbox.ts';
import {
  ACCOUNT_SHAPES,
  ALIAS_SHAPES,
  CARRIER_SHAPES,
  CUSTOMER_SHAPES,
  DOMAIN_SHAPES,
  enumId,
  FANCY_SHAPES,
  GATEWAY_SHAPES,
  MAILBOX_SHAPES,
  NUMBER_SHAPES,
  PEER_SHAPES,
  PHONEBOOK_SHAPES,
  phonebookUri,
  RANGE_SHAPES,
  RECORD_SHAPES,
  RULE_SHAPES,
  ZONE_SHAPES,
} from './objects.ts';
import { PHONEBOOK_ENTRY } from './phonebook.ts';
import { digits, domain, id, ip, sipId, tld, type Shapes } from './scalars.ts';
import { noWayBack, type OperationSpec } from './spec.ts';
import { addStep, removeStep, updateStep } from './thing-steps.ts';
import type { Thing } from './thing.ts';
import { FANCY_RECORD, NUMBER, RANGE, RECORD, ZONE } from './things-dns.ts';
import { CARRIER, GATEWAY, RULE } from './things-pstn.ts';
import { ACCOUNT, ALIAS, DOMAIN, PEER } from './things-sip.ts';

type Known = Thing & { readonly update: string };

const callsOf = (thing: Thing, ...more: readonly string[]): string[] => [
  ...thing.looks,
  ...(thing.hanging ?? []).flatMap(({ calls }) => calls),
  ...more.map((operation) => `${thing.port}.${operation}`),
];

const a = (noun: string): string => `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;

/**
 * Making, changing and removing it.
 * @param name of what is to be removed
 */
function specsOf(thing: Known, { made, change }: Shapes, name: z.ZodType): OperationSpec[] {
  const { port: service, noun, element, nameArg } = thing;
  const whose = thing.whose ? { sipId } : {};
  const of = { service, class: 'compensatable' } as const;
  return [
    {
      ...of,
      operation: thing.add,
      title: `Make ${a(noun)}`,
      args: z.strictObject({ ...whose, [element]: made }),
      step: addStep(thing),
      makes: thing.resultName,
      liesIn: thing.key,
      calls: callsOf(thing, thing.remove),
    },
    {
      ...of,
      operation: thing.update,
      title: `Change ${a(noun)}`,
      args: z.strictObject({ ...whose, [element]: change }),
      step: updateStep(thing),
      calls: thing.looks,
    },
    {
      ...of,
      operation: thing.remove,
      title: `Remove ${a(noun)}`,
      args: z.strictObject({ ...whose, [nameArg]: name }),
      step: removeStep(thing),
      calls: callsOf(thing, thing.add),
    },
  ];
}

/** What is lost with it in ways nobody has written down, or is known to others by an id, does not come back. */
function lastingSpecsOf(thing: Known, shapes: Shapes, name: z.ZodType): OperationSpec[] {
  return specsOf(thing, shapes, name).map((spec) =>
    spec.operation === thing.remove
      ? {
          ...spec,
          class: 'pivot',
          step: { ...spec.step, undo: noWayBack(`removing ${a(thing.noun)}`) },
          calls: callsOf(thing),
        }
      : spec,
  );
}

export const OBJECTS: readonly OperationSpec[] = [
  ...specsOf(DOMAIN, DOMAIN_SHAPES, domain),
  ...lastingSpecsOf(ACCOUNT, ACCOUNT_SHAPES, sipId),
  ...specsOf(ALIAS, ALIAS_SHAPES, sipId),
  ...specsOf(PHONEBOOK_ENTRY, PHONEBOOK_SHAPES, phonebookUri),
  ...specsOf(PEER, PEER_SHAPES, ip),
  ...specsOf(CARRIER, CARRIER_SHAPES, id),
  ...specsOf(GATEWAY, GATEWAY_SHAPES, id),
  ...specsOf(RULE, RULE_SHAPES, id),
  ...lastingSpecsOf(MAILBOX, MAILBOX_SHAPES, sipId),
  ...specsOf(RANGE, RANGE_SHAPES, z.strictObject({ prefix: digits(15), tld })),
  ...specsOf(NUMBER, NUMBER_SHAPES, enumId),
  ...lastingSpecsOf(CUSTOMER, CUSTOMER_SHAPES, id),
  ...lastingSpecsOf(ZONE, ZONE_SHAPES, domain),
  ...specsOf(RECORD, RECORD_SHAPES, id),
  ...specsOf(FANCY_RECORD, FANCY_SHAPES, id),
];
