import type { TargetSettings } from '../port.ts';
import type { WebportalSettings } from './settings.ts';

/** Where orders carry what the profile calls a secret (tim-web-portal.md §4, rule 6). */
export function nativeSecretsOf({ native }: Pick<TargetSettings<WebportalSettings>, 'native'>): string[] {
  return native.profile.secrets.flatMap((label) => {
    const [first = '', second = '', ...rest] = label.split('.');
    const own = [second, ...rest].join('.');
    if (first === 'services') return [`subscribers.*.preferences.${own}`];
    if (first === 'wlr' || first === 'antifraud') return [`operations.*.args.fields.${own}`];
    if (first !== 'native') return [];
    const name = rest.join('.');
    const place = { company: 'customer.native', office: 'subscribers.*.native.office', user: 'subscribers.*.native' }[
      second
    ];
    return place === undefined ? [] : [`${place}.${name}`];
  });
}
