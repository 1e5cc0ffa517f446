import type { ForwardOrder, Secrets, SubscriberBody } from '../../orders.ts';
import type { Random } from '../../random.ts';
import { DOMAIN } from './hand.ts';
import type { Leftover } from './left.ts';

/** Numbers that the domain has to give away, in the stand-in's fresh data. */
const POOL = Array.from({ length: 20 }, (_, at) => `${1_130_258_080 + at}`);

/** Draws subscribers: new ones with names and numbers of their own, and changes of those that are there. */
export function createLines(random: Random, secrets: Secrets) {
  const pool = [...POOL];
  let lines = 0;
  let serial = 0;

  const some = <T extends object>(all: T, probability: number): Partial<T> =>
    Object.fromEntries(Object.entries(all).filter(() => random.chance(probability))) as Partial<T>;

  const next = (): string => String((serial += 1)).padStart(6, '0');

  function forwards(): Record<string, ForwardOrder> {
    const to = (): string =>
      random.chance(0.6) ? `+5511${random.int(20_000_000, 29_999_999)}` : `sip:desk${next()}@other.example.com`;
    const forward = (): ForwardOrder => ({ destinations: [{ to: to() }] });
    const ringing = random.chance(0.5) ? { ringTimeout: random.int(5, 60) } : {};
    return some({ unconditional: forward(), busy: forward(), noAnswer: { ...forward(), ...ringing } }, 0.45);
  }

  /** Those that the platform shows, so that they can be brought back. */
  function shownPreferences(): Record<string, unknown> {
    const flag = (): boolean => random.chance(0.5);
    const quota = random.chance(0.3)
      ? { dailyQuota: true, dailyQuotaLimit: random.int(10, 500), dailyQuotaType: random.pick(['M', 'V']) }
      : {};
    const notice = random.chance(0.3) ? { lowCreditNotification: true, lowCreditLimit: random.int(1, 50) } : {};
    const single = {
      activeOutgoingCalls: flag(),
      blockAnonymousCalls: flag(),
      blockCollectCalls: flag(),
      blockEntry0303: flag(),
      softphoneAllowed: flag(),
      validateSource0303: flag(),
      callLimit: random.int(1, 30),
      profile: random.pick(['residential', 'business']),
      callGroup: `group${next()}`,
      pickupGroup: `pickup${next()}`,
    };
    return { ...some(single, 0.3), ...quota, ...notice, ...(random.chance(0.2) && { pinCode: secrets.pin(15) }) };
  }

  const hiddenPreferences = (): Record<string, unknown> =>
    some(
      {
        topologyHiding: true,
        dailyStatistics: true,
        privacyCalls: true,
        active: false,
        cps: random.int(1, 50),
        keepAlive: random.int(1, 60),
      },
      0.25,
    );

  function native(): Record<string, unknown> {
    const own = next();
    const byte = (): number => random.int(1, 254);
    const addresses = [
      { ipAddress: `10.${byte()}.${byte()}.${byte()}` },
      { ipAddress: `10.${byte()}.${byte()}.${byte()}`, method: 'techprefix', techPrefix: own, protocol: 'udp' },
    ];
    return some(
      {
        whiteList: [`55${own}`, `44${own}`],
        addresses: addresses.slice(random.int(0, 1)),
        locations: [`sip:gw${own}@192.0.2.10:5060`],
        credit: random.int(1, 400) / 4,
      },
      0.35,
    );
  }

  function numbersOf(own: number): Pick<SubscriberBody, 'number' | 'aliases'> {
    const pooled = random.chance(0.3) ? pool.shift() : undefined;
    const abroad = `+43720${String(own).padStart(6, '0')}`;
    return {
      ...(random.chance(0.85) && { number: `+5511${30_000_000 + own}` }),
      ...(random.chance(0.4) && { aliases: [pooled ? `+55${pooled}` : `+5511${31_000_000 + own}`, abroad] }),
    };
  }

  function line(): SubscriberBody {
    lines += 1;
    const numbers = numbersOf(lines);
    // A number that is the user name needs no DID.
    const isNumeric = numbers.number !== undefined && random.chance(0.15);
    const callForwards = forwards();
    return {
      username: isNumeric ? `11${30_000_000 + lines}` : `line${String(lines).padStart(6, '0')}`,
      domain: DOMAIN,
      ...(random.chance(0.7) && { password: secrets.password('sip') }),
      ...(random.chance(0.3) && { webPassword: secrets.password('web') }),
      ...numbers,
      ...(random.chance(0.5) && { callForwards }),
      ...(random.chance(0.6) && { preferences: { ...shownPreferences(), ...hiddenPreferences() } }),
      ...(random.chance(0.3) && { voicemail: { pin: secrets.pin(15) } }),
      ...(random.chance(0.6) && { native: native() }),
    };
  }

  /** A change of a subscriber that is there, so that it is adopted and then changed. */
  function changed({ username, numbers }: Leftover): SubscriberBody {
    const [number, ...aliases] = numbers.map((digits) => `+55${digits}`);
    return {
      username,
      domain: DOMAIN,
      ...(number !== undefined && { number, aliases }),
      callForwards: { ...forwards(), busy: { destinations: [{ to: `sip:busy${next()}@other.example.com` }] } },
      preferences: { ...shownPreferences(), callLimit: random.int(40, 99) },
      ...(random.chance(0.4) && { voicemail: { pin: secrets.pin(15) } }),
      native: native(),
    };
  }

  return {
    line,
    changed,
    forwards,
    shownPreferences,
    some: (most: number): SubscriberBody[] => Array.from({ length: random.int(1, most) }, line),
  };
}
