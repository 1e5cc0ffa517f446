import { FlowProducer, Worker, type FlowJob, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { Pool } from 'undici';

/*
 * What the engine is measured against: the same number of flows of the same shape, each job one bare platform call and
 * nothing else. No record, no journal, no idempotency, no look before a write; ids travel in this process's memory.
 */

export const FLOOR_PREFIX = '{floor}';
const QUEUE = 'target';
const KINDS = ['contact', 'customer', 'subscriber', 'callForwards', 'preferences'] as const;

type Kind = (typeof KINDS)[number];

function floorFlow(at: number): FlowJob {
  const digits = String(at).padStart(7, '0');
  const opts = { attempts: 3, removeOnComplete: false, removeOnFail: false } as const;
  let job: FlowJob | undefined;
  for (const kind of KINDS) {
    const node = { name: kind, queueName: QUEUE, data: { at, kind }, opts: { ...opts, jobId: `f${digits}.${kind}` } };
    job = job ? { ...node, children: [job] } : node;
  }
  return {
    name: 'order',
    queueName: 'orders',
    data: { at },
    opts: { ...opts, jobId: `f${digits}` },
    children: [job!],
  };
}

export function createFloorProducer(connection: Redis) {
  const producer = new FlowProducer({ connection, prefix: FLOOR_PREFIX });
  return { add: (at: number) => producer.add(floorFlow(at)), close: () => producer.close() };
}

interface Made {
  contact?: string;
  customer?: string;
  subscriber?: string;
}

export async function startFloorWorkers(connection: Redis, url: string, concurrency: number) {
  const pool = new Pool(url, { connections: concurrency });
  const made = new Map<number, Made>();
  const login = await pool.request({
    method: 'POST',
    path: '/login_jwt',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'administrator', password: 'administrator' }),
  });
  const authorization = `Bearer ${((await login.body.json()) as { jwt: string }).jwt}`;

  async function send(method: 'POST' | 'PUT' | 'PATCH', path: string, body: unknown): Promise<string> {
    const patch = method === 'PATCH';
    const {
      statusCode,
      headers,
      body: answer,
    } = await pool.request({
      method,
      path,
      headers: {
        authorization,
        accept: 'application/json',
        'content-type': patch ? 'application/json-patch+json' : 'application/json',
      },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (statusCode >= 300) throw new Error(`${method} ${path}: ${statusCode} ${text}`);
    return (
      String(headers['location'] ?? '')
        .split('/')
        .at(-1) ?? ''
    );
  }

  const calls: Record<Kind, (at: number, ids: Made) => Promise<unknown>> = {
    contact: async (at, ids) => {
      const email = `floor-${at}@example.com`;
      ids.contact = await send('POST', '/api/customercontacts/', {
        email,
        firstname: 'Ben',
        lastname: 'Chmark',
        country: 'AT',
        reseller_id: 1,
      });
    },
    customer: async (at, ids) => {
      const body = {
        status: 'active',
        type: 'sipaccount',
        contact_id: Number(ids.contact),
        billing_profile_id: 1,
        external_id: `FC-${at}`,
      };
      ids.customer = await send('POST', '/api/customers/', body);
    },
    subscriber: async (at, ids) => {
      const primary = { cc: '43', ac: '721', sn: String(at).padStart(7, '0') };
      const body = {
        customer_id: Number(ids.customer),
        domain: 'sip.example.com',
        username: `floor${at}`,
        password: `Pw-${at}-zq8!`,
        primary_number: primary,
      };
      ids.subscriber = await send('POST', '/api/subscribers/', body);
    },
    callForwards: (_, ids) =>
      send('PUT', `/api/callforwards/${ids.subscriber}`, {
        cfna: { destinations: [{ destination: 'voicebox', timeout: 300 }] },
      }),
    preferences: (_, ids) =>
      send('PATCH', `/api/subscriberpreferences/${ids.subscriber}`, [
        { op: 'add', path: '/block_in_clir', value: true },
      ]),
  };

  const common = { connection, prefix: FLOOR_PREFIX };
  const orders = new Worker('orders', () => Promise.resolve(null), { ...common, concurrency: 16 });
  const steps = new Worker(
    QUEUE,
    async (job: Job<{ at: number; kind: Kind }>) => {
      const ids = made.get(job.data.at) ?? {};
      made.set(job.data.at, ids);
      await calls[job.data.kind](job.data.at, ids);
      if (job.data.kind === 'preferences') made.delete(job.data.at);
    },
    { ...common, concurrency },
  );
  return {
    async close() {
      await Promise.all([orders.close(), steps.close()]);
      await pool.close();
    },
  };
}
