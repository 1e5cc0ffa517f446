import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { READS } from '../../../src/platforms/ngnpro/catalog/table.ts';
import { COVERAGE, LIFE_STEP_OPERATIONS, ORDER_STEP_OPERATIONS } from '../../../src/platforms/ngnpro/coverage.ts';
import { LIFE_STEPS } from '../../../src/platforms/ngnpro/life/index.ts';
import { ngnpro, ORDER_STEPS } from '../../../src/platforms/ngnpro/index.ts';
import { OPERATIONS } from '../../../src/platforms/ngnpro/operations/index.ts';

const WSDLS = new URL('../../../src/platforms/ngnpro/wsdl/', import.meta.url);

/** `<port>.<operation>` of every operation in the WSDLs. */
const offered = readdirSync(WSDLS).flatMap((file) => {
  const text = readFileSync(new URL(file, WSDLS), 'utf8');
  const [portType = ''] = /<wsdl:portType\b[\s\S]*<\/wsdl:portType>/.exec(text) ?? [];
  const [, port] = /<wsdl:port name="([^"]+)"/.exec(text) ?? [];
  return [...portType.matchAll(/<wsdl:operation name="([^"]+)"/g)].map(([, name]) => `${port}.${name}`);
});

const covered = COVERAGE.map(({ service, operation }) => `${service}.${operation}`);

describe('coverage', () => {
  it('has every operation of the WSDLs once, and no other', () => {
    expect(offered).toHaveLength(108);
    expect(covered).toEqual(offered.toSorted());
    expect(ngnpro.coverage).toBe(COVERAGE);
  });

  it('has sixty of SipPort', () => {
    const perPort = Map.groupBy(COVERAGE, ({ service }) => service);
    expect(Object.fromEntries([...perPort].map(([port, rows]) => [port, rows.length]))).toEqual({
      CustomerPort: 8,
      DnsPort: 15,
      EnumPort: 9,
      NetworkPort: 2,
      PresencePort: 6,
      RatingPort: 3,
      SipPort: 60,
      VoicemailPort: 5,
    });
  });

  it('tells of each how it is reached', () => {
    expect(COVERAGE.filter(({ reachedBy }) => reachedBy === '')).toEqual([]);
  });

  it('has every writing operation among those of an order, and every read in the catalogue or the calls', () => {
    const wrong = COVERAGE.filter(({ service, operation, reachedBy }) => {
      const isRead = operation.startsWith('get') && service !== 'PresencePort';
      return !reachedBy.split('; ').some((way) => (isRead ? /^(?:catalog: |calls$)/ : /^operations: /).test(way));
    });
    expect(wrong).toEqual([]);
  });

  it('names only reads and operations that are there', () => {
    const isThere = {
      catalog: (name: string) => name in READS,
      operations: (name: string, service: string) => `${service}.${name}` in OPERATIONS,
      order: (name: string) => name in ORDER_STEPS,
      ...Object.fromEntries(
        Object.entries(LIFE_STEPS).map(([action, steps]) => [action, (name: string) => name in steps]),
      ),
    };
    const unknown = COVERAGE.flatMap(({ service, reachedBy }) =>
      reachedBy.split('; ').filter((way) => {
        const [kind = '', names = ''] = way.split(': ');
        if (!Object.hasOwn(isThere, kind)) return way !== 'calls';
        return !names.split(', ').every((name) => isThere[kind as keyof typeof isThere](name, service));
      }),
    );
    expect(unknown).toEqual([]);
  });

  it('declares what each step of an order calls', () => {
    expect(Object.keys(ORDER_STEP_OPERATIONS).toSorted()).toEqual(Object.keys(ORDER_STEPS).toSorted());
    const kindsOf = (steps: object) =>
      Object.entries(steps).map(([action, kinds]) => [action, Object.keys(kinds as object).toSorted()]);
    expect(kindsOf(LIFE_STEP_OPERATIONS)).toEqual(kindsOf(LIFE_STEPS));
  });
});
