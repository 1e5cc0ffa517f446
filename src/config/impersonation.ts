import type { Fault } from '../errors/index.ts';
import type { ClientConfig } from './config.ts';
import { redacted } from './redact.ts';
import { NO_IMPERSONATION, type TargetConfig } from './target-schema.ts';

interface Configured {
  readonly clients: readonly Pick<ClientConfig, 'name' | 'impersonate'>[];
  readonly targets: ReadonlyMap<string, TargetConfig>;
}

/** A client is to act for somebody on a platform where nobody can. */
export function impersonationFaults({ clients, targets }: Configured): Fault[] {
  return clients.flatMap(({ impersonate }, i) =>
    Object.keys(impersonate).flatMap((target): Fault[] => {
      const platform = targets.get(target)?.platform;
      if (!platform || platform.impersonates) return [];
      return [{ path: ['clients', i, 'impersonate', target], message: NO_IMPERSONATION(platform) }];
    }),
  );
}

/** The targets, each with whom it is to act for by client. */
export function withImpersonation({ clients, targets }: Configured): ReadonlyMap<string, TargetConfig> {
  const withIts = (target: TargetConfig): TargetConfig => {
    const acting = clients.flatMap(({ name, impersonate }) =>
      Object.entries(impersonate).flatMap(([of, id]) => (of === target.name ? [[name, id] as const] : [])),
    );
    if (acting.length === 0) return target;
    const impersonate = Object.fromEntries(acting);
    return { ...target, settings: redacted({ ...target.settings, impersonate }, ['native']) };
  };
  return new Map([...targets].map(([name, target]) => [name, withIts(target)]));
}
