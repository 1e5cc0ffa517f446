import type { Draft, Flaw, OperationBody, Secrets } from '../../orders.ts';
import type { Random } from '../../random.ts';
import type { Dialect, Values } from './dialect.ts';
import type { Leftovers } from './left.ts';

/** Draws operations: rented lines with numbers of their own, and changes of what is the wards'. */
export function createOperations(random: Random, secrets: Secrets, leftovers: Leftovers, dialect: Dialect) {
  const { wards, keptLines } = leftovers;
  const spares = [...leftovers.spareLines];
  let serial = 0;

  const next = (): string => String((serial += 1)).padStart(5, '0');
  const orNone = <T>(value: T): T | null => (random.chance(0.3) ? null : value);
  const some = (kind: 'wlr' | 'antifraud' | 'office', all: Values): Values =>
    Object.fromEntries(Object.entries(all).filter(([name]) => dialect.has(kind, name) && random.chance(0.6)));

  /** Whose line it is, where calls say it. */
  const owner = () => (dialect.has('wlr', 'companyId') ? { company: wards[0]!.customer } : {});
  const kind = (): string => random.pick(['analogue', 'isdn']);

  const create = (number: string, fields: Values): OperationBody => ({
    service: 'wlr',
    operation: 'create',
    args: { number, ...owner(), fields },
  });
  const update = (number: string): OperationBody => ({
    service: 'wlr',
    operation: 'update',
    args: {
      number,
      ...owner(),
      fields: { kind: kind(), ...some('wlr', { exchange: orNone(`rm${next()}`), floor: orNone(random.int(1, 9)) }) },
    },
  });
  const limit = (number: string): OperationBody => ({
    service: 'antifraud',
    operation: 'set',
    args: {
      number,
      fields: {
        minutesPerDay: orNone(random.int(31, 999)),
        ...some('antifraud', {
          international: random.chance(0.5),
          blocked: [`+39899${next()}`, `+44909${next()}`],
          alarmMail: orNone(`alarm${next()}@example.com`),
        }),
      },
    },
  });
  const move = (company: string, office: string): OperationBody => ({
    service: 'office',
    operation: 'update',
    args: {
      company,
      office,
      fields: {
        street: `Via ${next()}`,
        ...some('office', { city: orNone(`Città ${next()}`), emergencyArea: `TO-${next()}` }),
      },
    },
  });

  function makes(): OperationBody {
    const own = next();
    const hasCode = dialect.has('wlr', 'accessCode') && random.chance(0.5);
    return create(`+39063600${own}`, {
      kind: kind(),
      ...some('wlr', { exchange: `rm${own}`, floor: random.int(1, 9) }),
      ...(hasCode && { accessCode: secrets.password('line') }),
    });
  }

  function changes(): OperationBody {
    const ward = random.pick(wards);
    return random.pick([
      () => update(random.pick(keptLines)),
      () => limit(ward.number),
      () => move(ward.customer, ward.office),
    ])();
  }

  const failures: readonly (() => readonly [OperationBody, kind: string, code: string])[] = [
    () => [update(`+39063700${next()}`), 'wlrUpdate', 'TURNUP_OBJECT_MISSING'],
    () => [limit(`+39063700${next()}`), 'antifraudSet', 'TURNUP_OBJECT_MISSING'],
    () => [move(random.pick(wards).customer, `Nessuno ${next()}`), 'officeUpdate', 'TURNUP_OBJECT_MISSING'],
    () => [move(`nobody-${next()}`, 'Sede'), 'officeUpdate', 'TURNUP_OBJECT_MISSING'],
    // There with other values.
    () => [create(leftovers.spareLines[0]!, { kind: 'analogue' }), 'wlrCreate', 'TURNUP_OBJECT_TAKEN'],
  ];

  function sound(): OperationBody[] {
    const all = Array.from({ length: random.int(1, 3) }, () =>
      random.weigh([[4, makes] as const, [5, changes] as const])(),
    );
    // The first stays, so that it can be in the way.
    const [spare] = random.chance(0.35) && spares.length > 1 ? spares.splice(random.int(1, spares.length - 1), 1) : [];
    const removed = { service: 'wlr', operation: 'remove', args: { number: spare, ...owner() } };
    return spare === undefined ? all : [...all, removed];
  }

  /** Held ones stand in the way of all others, and what they changed would be changed by others before its undo. */
  const never = ['leave', 'retry', 'release'] as const;

  return {
    sound: (): Draft => ({ operations: sound(), never }),
    failing(): Draft {
      const [bad, step, code] = random.pick(failures)();
      const operations = sound();
      const at = random.int(0, operations.filter(({ operation }) => operation !== 'remove').length);
      const flaws: Flaw[] = [{ code, step: `o${at + 1}.${step}` }];
      return {
        operations: operations.toSpliced(at, 0, bad),
        flaws,
        doomed: true,
        never,
        ...(random.chance(0.7) && { onFailure: 'undo' }),
      };
    },
  };
}
