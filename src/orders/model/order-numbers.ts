import type { OrderDraft, SubscriberDraft } from './draft.ts';
import type { FaultCollector } from './faults.ts';
import { digitsOf, type PhoneNumber, type PostedNumber, readNumber } from './numbers.ts';
import { formatPath, type Path } from './paths.ts';
import { subscribersOf } from './rules.ts';

/** Numbers of one subscriber; undefined where none is given or it cannot be read. */
export interface SubscriberNumbers {
  readonly primary: PhoneNumber | undefined;
  readonly aliases: readonly (PhoneNumber | undefined)[];
}

export interface OrderNumbers {
  readonly subscribers: ReadonlyMap<SubscriberDraft, SubscriberNumbers>;
  /** By position; undefined where a move's number cannot be read. */
  readonly moves: readonly (PhoneNumber | undefined)[];
}

/** Reads every number of the order and sees to it that each occurs once, whatever form it was given in. */
export function readNumbers(draft: OrderDraft, areaCodes: readonly string[], faults: FaultCollector): OrderNumbers {
  const first = new Map<string, Path>();

  const read = (posted: unknown, path: Path): PhoneNumber | undefined => {
    if (posted === undefined || posted === null || faults.touches(path)) return undefined;
    const reading = readNumber(posted as PostedNumber, areaCodes);
    if (reading.fault !== undefined) {
      faults.add(path, reading.fault);
      return undefined;
    }
    const digits = digitsOf(reading.number);
    const earlier = first.get(digits);
    if (earlier) faults.add(path, `is the same number as ${formatPath(earlier)}`);
    else first.set(digits, path);
    return reading.number;
  };

  const subscribers = new Map(
    subscribersOf(draft).map(([index, subscriber]) => [
      subscriber,
      {
        primary: read(subscriber.number, ['subscribers', index, 'number']),
        aliases: (subscriber.aliases ?? []).map((alias, position) =>
          read(alias, ['subscribers', index, 'aliases', position]),
        ),
      },
    ]),
  );
  const moves = (draft.moves ?? []).map((move, index) => read(move?.number, ['moves', index, 'number']));
  return { subscribers, moves };
}
