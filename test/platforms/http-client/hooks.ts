import type { CallHooks, CallRecord } from '../../../src/http-client/index.ts';

export interface TestHooks extends CallHooks {
  readonly calls: CallRecord[];
  /** What beforeCall was asked, in order. */
  readonly asked: boolean[];
  abort(reason: Error): void;
}

export function createHooks(beforeCall: (write: boolean) => Promise<void> = async () => {}): TestHooks {
  const controller = new AbortController();
  const calls: CallRecord[] = [];
  const asked: boolean[] = [];
  return {
    calls,
    asked,
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    async beforeCall(write) {
      asked.push(write);
      await beforeCall(write);
    },
    afterCall: (call) => calls.push(call),
  };
}
