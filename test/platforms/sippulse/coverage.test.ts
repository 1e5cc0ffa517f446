import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { READS } from '../../../src/platforms/sippulse/catalog/table.ts';
import { COVERAGE, LIFE_STEP_OPERATIONS, ORDER_STEP_OPERATIONS } from '../../../src/platforms/sippulse/coverage.ts';
import { ORDER_STEPS } from '../../../src/platforms/sippulse/index.ts';
import { LIFE_STEPS } from '../../../src/platforms/sippulse/life/index.ts';
import { OPERATIONS } from '../../../src/platforms/sippulse/operations/index.ts';
import { SERVICES, wsdlPath } from '../../../src/platforms/sippulse/soap/wsdl.ts';

/** `<service>.<operation>` of every operation in the WSDLs. */
const offered = SERVICES.flatMap((service) => {
  const [portType = ''] =
    /<wsdl:portType\b[\s\S]*<\/wsdl:portType>/.exec(readFileSync(wsdlPath(service), 'utf8')) ?? [];
  return [...portType.matchAll(/<wsdl:operation name="([^"]+)"/g)].map(([, name]) => `${service}.${name}`);
});

const covered = COVERAGE.map(({ service, operation }) => `${service}.${operation}`);

describe('coverage', () => {
  it('has every operation of the WSDLs once, and no other', () => {
    expect(offered).toHaveLength(102);
    expect(covered).toEqual(offered.toSorted());
  });

  it('tells of each how it is reached', () => {
    expect(COVERAGE.filter(({ reachedBy }) => reachedBy === '')).toEqual([]);
  });

  it('marks the seven second spellings', () => {
    const seconds = COVERAGE.filter(({ reachedBy }) => reachedBy.startsWith('alias of '));
    expect(seconds).toHaveLength(7);
    for (const { service, reachedBy } of seconds) expect(covered).toContain(`${service}.${reachedBy.slice(9)}`);
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
        if (!Object.hasOwn(isThere, kind)) return false;
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

  it('lets no read tell a password', () => {
    const told = COVERAGE.filter(({ operation }) => operation.startsWith('retrievePassword'));
    expect(told).toHaveLength(2);
    for (const { reachedBy } of told) expect(reachedBy).not.toMatch(/catalog:|^operations:|; operations:/);
  });
});
