import type { ForwardOrder, Secrets, SubscriberBody } from '../../orders.ts';
import type { Random } from '../../random.ts';
import { DOMAIN } from './hand.ts';
import type { Leftover } from './left.ts';

/** Draws subscribers: new ones with names and numbers of their own, and changes of those that are there. */
export function createLines(random: Random, secrets: Secrets) {
  let lines = 0;
  let serial = 0;

  const some = <T extends object>(all: T, probability: number): Partial<T> =>
    Object.fromEntries(Object.entries(all).filter(() => random.chance(probability))) as Partial<T>;

  const next = (): string => String((serial += 1)).padStart(6, '0');
  const flag = (): boolean => random.chance(0.5);

  function forwards(): Record<string, ForwardOrder> {
    const to = (): string =>
      random.weigh([
        [5, `+43664${random.int(1_000_000, 9_999_999)}`],
        [4, `sip:desk${next()}@other.example.com`],
        [2, 'voicemail'],
      ]);
    const forward = (): ForwardOrder => ({ destinations: [{ to: to() }] });
    const ringing = flag() ? { ringTimeout: random.int(5, 60) } : {};
    const all = {
      unconditional: forward(),
      busy: forward(),
      noAnswer: { ...forward(), ...ringing },
      unregistered: forward(),
      unavailable: forward(),
    };
    return some(all, 0.4);
  }

  function preferences(): Record<string, unknown> {
    const all = {
      callLimit: random.int(1, 30),
      quota: random.int(10, 500),
      region: `region ${next()}`,
      quickdialPrefix: String(random.int(1, 999)),
      prepaid: flag(),
      acl: [{ ip: `192.0.2.${random.int(1, 254)}`, mask: 32, tag: `net & ${next()}` }],
      'free-pstn': flag(),
      anonymous: flag(),
      'missed-calls': flag(),
      sms: flag(),
      barringPrefixes: [`+4390${random.int(1, 99)}`, `+1900${random.int(1, 99)}`],
      rejectMembers: [`sip:spam${next()}@other.example.com`],
      acceptRules: {
        persistent: [{ start: '08:00', stop: '17:30', groups: ['everybody'], days: random.int(1, 127) }],
      },
    };
    return some(all, 0.3);
  }

  function native(): Record<string, unknown> {
    const all = {
      groups: [`team-${next()}`, 'trunking'],
      properties: [{ name: 'building', value: `B ${next()}` }],
      timezone: random.pick(['Europe/Vienna', 'Europe/Amsterdam']),
    };
    return some(all, 0.4);
  }

  const mailbox = (): Pick<SubscriberBody, 'voicemail'> => ({
    voicemail: { pin: secrets.pin(15), ...(flag() && { email: `box${next()}@example.com` }) },
  });

  function line(): SubscriberBody {
    lines += 1;
    const digits = String(lines).padStart(6, '0');
    // A number that is the user name needs no alias.
    const isNumeric = random.chance(0.1);
    return {
      username: isNumeric ? `43720${digits}` : `Line${digits}`,
      domain: DOMAIN,
      ...(random.chance(0.4) && { externalId: `S-${digits}` }),
      ...(random.chance(0.7) && { password: secrets.password('sip') }),
      ...((isNumeric || random.chance(0.85)) && { number: `+43720${digits}` }),
      ...(random.chance(0.35) && { aliases: [`+43721${digits}`, `+43722${digits}`] }),
      ...(random.chance(0.5) && { callForwards: forwards() }),
      ...(random.chance(0.6) && { preferences: preferences() }),
      ...(random.chance(0.35) && mailbox()),
      ...(random.chance(0.4) && { native: native() }),
    };
  }

  /** A change of a subscriber that is there, so that it is adopted and then changed. */
  function changed({ username, numbers }: Leftover): SubscriberBody {
    const [number, ...aliases] = numbers.map((digits) => `+${digits}`);
    return {
      username,
      domain: DOMAIN,
      ...(number !== undefined && { number, aliases }),
      callForwards: { ...forwards(), busy: { destinations: [{ to: `sip:busy${next()}@other.example.com` }] } },
      preferences: { ...preferences(), callLimit: random.int(40, 99), 'free-pstn': flag() },
      ...(random.chance(0.4) && mailbox()),
    };
  }

  return {
    line,
    changed,
    forwards,
    preferences,
    mailbox,
    some: (most: number): SubscriberBody[] => Array.from({ length: random.int(1, most) }, line),
  };
}
