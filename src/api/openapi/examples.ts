import type { z } from 'zod';
import type { orderView } from './views.ts';

const ID = '0192f0c1-8f00-7000-8000-0000000000a1';

type OrderExample = z.infer<typeof orderView>;

const accepted: OrderExample = {
  id: ID,
  externalId: 'CRM-2026-0001',
  client: 'crm',
  target: 'vienna',
  platform: 'sipwise',
  action: 'provision',
  onFailure: 'hold',
  state: 'acknowledged',
  run: 1,
  direction: 'forward',
  createdAt: '2026-11-30T09:00:00.000Z',
  startedAt: null,
  completedAt: null,
  notBefore: null,
  deadline: null,
  blockedBy: null,
  customer: { externalId: 'C-77' },
  steps: ['contact', 'customer', 's1.subscriber'].map((id) => ({
    id,
    item: id.includes('.') ? 's1' : null,
    kind: id.replace('s1.', ''),
    state: 'waiting',
    outcome: null,
    attempts: 0,
    startedAt: null,
    finishedAt: null,
    result: null,
    error: null,
  })),
  error: null,
};

const completed: OrderExample = {
  ...accepted,
  state: 'completed',
  startedAt: '2026-11-30T09:00:00.100Z',
  completedAt: '2026-11-30T09:00:01.400Z',
  steps: accepted.steps.map((step, index) => ({
    ...step,
    state: 'done',
    outcome: 'created',
    attempts: 1,
    startedAt: `2026-11-30T09:00:0${index}.100Z`,
    finishedAt: `2026-11-30T09:00:0${index}.400Z`,
    result: { [`${step.kind}Id`]: 12 + index },
  })),
};

/** Orders as read. */
export const ORDER_VIEW_EXAMPLES = {
  accepted: { summary: 'Just accepted', value: accepted },
  completed: { summary: 'Completed', value: completed },
};

/** Merge patches of a held order. */
export const MEND_EXAMPLES = {
  number: {
    summary: 'Another number for one subscriber',
    value: { subscribers: { s1: { number: '+43987610002' } } },
  },
  contact: { summary: 'A mended mail address', value: { customer: { contact: { email: 'john.doe@example.com' } } } },
};
