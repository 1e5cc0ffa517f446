import { createMotor } from '../../flows/motor.ts';
import { createOrderStore } from '../../src/orders/store.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { TARGET } from './world.ts';

/** Acts on orders past the API. */
export async function createHand(redisUrl: string) {
  const redis = await connectRedis(redisUrl, { role: 'api' });
  const keys = createKeys();
  const store = createOrderStore({ redis, keys, clients: ['crm'] });
  const motor = createMotor({ connection: redis, keys, store, targets: [TARGET] });
  for (const queue of motor.queues.all()) queue.on('error', () => undefined);
  const verbs: Readonly<Record<string, (id: string) => Promise<{ kind: string }>>> = {
    cancel: (id) => motor.cancel(id, 'operator:night', 'chaos'),
    undo: (id) => motor.undoHeld(id, 'operator:night', 'chaos'),
    close: (id) => motor.closeOrder(id, 'operator:night', 'chaos'),
    release: (id) => motor.release(id, 'operator:night', 'chaos'),
  };
  return {
    async act(id: string, verb: string): Promise<'promised' | 'refused' | 'unknown'> {
      let lost = false;
      for (let tries = 0; tries < 40; tries += 1) {
        try {
          const { kind } = await verbs[verb]!(id);
          if (kind !== 'refused') return 'promised';
          return lost ? 'unknown' : 'refused';
        } catch {
          lost = true;
          await new Promise((resolve) => setTimeout(resolve, 300));
        }
      }
      return 'unknown';
    },
    async close(): Promise<void> {
      await motor.close();
      redis.disconnect();
    },
  };
}
