import { z } from 'zod';
import { customerShape } from './shape-customer.ts';
import { ACTIONS, instant, itemId, LIMITS, ON_FAILURE, text } from './shape-fields.ts';
import { numberShape, subscriberShape } from './shape-subscriber.ts';

/*
 * The shape of an order as posted: which members there are, of what type and length. Rules that look at more than one
 * member, or depend on the action, are in rules.ts, because zod skips refinements of an object whose shape is wrong and
 * an order is answered with every fault at once.
 *
 * Nothing is transformed here, so that the same schema describes the input in the reference and in OpenAPI.
 * `x-needed` says when a member that the schema calls optional is needed all the same.
 */

const operationShape = z
  .strictObject({
    id: itemId(
      'Name of the operation within the order, unique among operations and subscribers. Default: o1, o2 … by position.',
    ),
    service: text(128, "The platform's service."),
    operation: text(128, 'The operation of the service.'),
    args: z.record(z.string(), z.unknown()).optional().meta({
      description:
        'Arguments by their own names, checked against the platform. Where its page says so, in the place of an id that an earlier operation of the order makes: `{ "from": "<id of that operation>" }`.',
    }),
  })
  .meta({ id: 'Operation', description: 'A call of a platform that offers more than customers and subscribers.' });

const subscriberName = {
  username: text(255, 'SIP user name.'),
  domain: text(253, 'SIP domain.'),
};

const moveShape = z
  .strictObject({
    id: itemId('Name of the move within the order, unique there. Default: m1, m2 … by position.'),
    number: numberShape.meta({ description: 'The number that goes over.' }),
    from: z
      .strictObject({
        customer: z
          .strictObject({ externalId: text(255, "The CRM's customer number.") })
          .optional()
          .meta({ description: 'Whose subscriber gives the number up. Default: the customer of the order.' }),
        ...subscriberName,
      })
      .meta({ description: 'Who has the number now.' }),
    to: z.strictObject(subscriberName).meta({ description: 'Who gets it: a subscriber of the customer of the order.' }),
  })
  .meta({
    id: 'NumberMove',
    description: 'A number that goes from one subscriber to another, where it becomes an alias.',
  });

export const orderShape = z
  .strictObject({
    externalId: text(
      128,
      "The CRM's order number, unique per client. The same number with the same content again is answered with the order as it is.",
      { examples: ['CRM-2026-0001'] },
    ),
    target: text(128, 'A configured target that the client may use.', { examples: ['vienna'] }),
    action: z.enum(ACTIONS).default('provision').meta({ description: 'What is to be done.' }),
    onFailure: z.enum(ON_FAILURE).default('hold').meta({
      description:
        'When a step fails for good: `hold` waits for a person, `undo` brings the target back to what it was.',
    }),
    notBefore: instant('Nothing is done before this time.'),
    deadline: instant('An order that is not done by then is held. Lies in the future and after `notBefore`.'),
    customer: customerShape
      .optional()
      .meta({ description: 'Whom the order is for.', 'x-needed': 'always, unless the order has only operations' }),
    subscribers: z.array(subscriberShape).optional().meta({
      description: 'Subscribers of the customer.',
      'x-needed': 'at least one in a provision order, unless it has operations',
    }),
    operations: z
      .array(operationShape)
      .max(LIMITS.operations)
      .optional()
      .meta({ description: 'Where a platform offers more: its own operations. In a provision or modify order.' }),
    moves: z.array(moveShape).max(LIMITS.moves).optional().meta({
      description:
        'Numbers that change hands, also between customers: the order then waits in the line of each. In a modify order.',
    }),
  })
  .meta({ id: 'OrderPosted', description: 'An order as a CRM posts it.' });

/** An order as a CRM posts it. */
export type PostedOrder = z.input<typeof orderShape>;
