import type { ForwardOrder, Secrets, SubscriberBody } from '../../orders.ts';
import type { Random } from '../../random.ts';
import type { Dialect } from './dialect.ts';
import { DOMAIN, MAIN_OFFICE } from './hand.ts';
import type { Leftover } from './left.ts';

/** Offices that are named; of one name in other letters it is the same one. */
const OFFICES = ['Deposito', 'Filiale & Figli', 'filiale & figli', MAIN_OFFICE] as const;

/** Draws subscribers: new ones with names and numbers of their own, and changes of those that are there. */
export function createLines(random: Random, secrets: Secrets, dialect: Dialect) {
  let lines = 0;

  const some = <T extends object>(all: T, probability: number): Partial<T> =>
    Object.fromEntries(Object.entries(all).filter(() => random.chance(probability))) as Partial<T>;

  function forwards(): Record<string, ForwardOrder> {
    const forward = (): ForwardOrder => ({ destinations: [{ to: `+39065${random.int(1_000_000, 9_999_999)}` }] });
    const ringing = random.chance(0.6) ? { ringTimeout: random.int(5, 60) } : {};
    return some({ unconditional: forward(), busy: forward(), noAnswer: { ...forward(), ...ringing } }, 0.5);
  }

  function preferences(): Record<string, unknown> {
    const all = {
      clir: random.chance(0.5),
      callWaiting: random.chance(0.5),
      barring: random.pick(['none', 'international', 'all']),
      maxCalls: random.int(1, 30),
      ...(dialect.has('services', 'hotline') && { hotline: `+39066${random.int(1_000_000, 9_999_999)}` }),
    };
    const isPinned = dialect.has('services', 'pinCode') && random.chance(0.3);
    return { ...some(all, 0.45), ...(isPinned && { pinCode: secrets.pin(15) }) };
  }

  const mail = (): string => `box${random.int(1, 999_999)}@example.com`;
  const voicemail = () => ({ pin: secrets.pin(15), ...(random.chance(0.5) && { email: mail() }) });

  /** Left out: the main one. */
  function office(): object {
    return random.weigh([
      [35, () => ({})],
      [40, () => ({ office: random.pick(OFFICES) })],
      [
        25,
        () => ({
          office: {
            name: `Sede ${random.int(1, 3)}`,
            street: 'Via Nazionale',
            houseNumber: String(random.int(1, 99)),
            city: 'Bologna',
            ...(dialect.has('office', 'emergencyArea') && random.chance(0.5) && { emergencyArea: 'BO-2' }),
          },
        }),
      ],
    ])();
  }

  const device = (): object =>
    dialect.has('user', 'deviceId') && random.chance(0.4)
      ? { deviceId: `aa:${random.int(10, 99)}`, deviceSecret: secrets.password('device') }
      : {};

  function line(): SubscriberBody {
    lines += 1;
    const digits = String(lines).padStart(6, '0');
    const number = `+390630${digits}`;
    const isNamed = dialect.has('user', 'username');
    const [callForwards, wanted] = [forwards(), preferences()];
    return {
      username: isNamed ? `line${digits}` : number.slice(random.int(0, 1)),
      domain: DOMAIN,
      number,
      ...(dialect.has('user', 'externalId') && random.chance(0.5) && { externalId: `S-${digits}` }),
      ...(random.chance(0.7) && { password: secrets.password('sip') }),
      ...(dialect.has('user', 'aliases') && random.chance(0.3) && { aliases: [`+390640${digits}`, `+43720${digits}`] }),
      ...(random.chance(0.5) && { callForwards }),
      ...(random.chance(0.6) && { preferences: wanted }),
      ...(dialect.has('voicemail', 'pin') && random.chance(0.3) && { voicemail: voicemail() }),
      native: { ...office(), ...device() },
    };
  }

  /** One that is there, as it is. */
  const known = ({ username, number, externalId, office: name }: Leftover): SubscriberBody => ({
    username,
    domain: DOMAIN,
    number,
    ...(dialect.has('user', 'aliases') && { aliases: [`${number}7`] }),
    ...(externalId !== null && { externalId }),
    native: { office: name },
  });

  /** A change of one that is there, so that it is adopted and then changed. */
  const changed = (regular: Leftover): SubscriberBody => ({
    ...known(regular),
    callForwards: { ...forwards(), busy: { destinations: [{ to: `+39067${random.int(1_000_000, 9_999_999)}` }] } },
    preferences: { ...preferences(), maxCalls: random.int(40, 99) },
    ...(dialect.has('voicemail', 'pin') && random.chance(0.4) && { voicemail: voicemail() }),
  });

  return {
    line,
    known,
    changed,
    forwards,
    preferences,
    voicemail,
    mail,
    office,
    device,
    some: (most: number): SubscriberBody[] => Array.from({ length: random.int(1, most) }, line),
  };
}
