import { z } from 'zod';
import type { ExampleCall, ReadWireProfile, TargetSettings, WireProfileFor } from '../port.ts';
import type { Profile } from './profile/model.ts';
import { infoOf, isWrite, OPERATION_NAMES, OBJECTS } from './profile/operations.ts';
import { readProfile } from './profile/read.ts';
import { namesIn } from './profile/rules.ts';
import { profileShape } from './profile/schema.ts';
import { sampleFields, sampleNames, sampleOrder, sampleSettings } from './sample.ts';
import type { WebportalSettings } from './settings.ts';
import { bodyOf } from './wire/bodies.ts';
import { buildCall } from './wire/request.ts';

type Settings = TargetSettings<WebportalSettings>;

export const wireProfile: WireProfileFor<Settings> = {
  check(text) {
    const { profile, faults } = readProfile(text);
    return { faults, profile: profile && describe(profile) };
  },
  jsonSchema: () => z.toJSONSchema(profileShape, { io: 'input', reused: 'ref' }),
};

function describe(profile: Profile): ReadWireProfile<Settings> {
  const { title, verifiedAgainst } = profile;
  return {
    title,
    notes: [`verified against ${verifiedAgainst}`, ...unusedParts(profile)],
    unmapped: OPERATION_NAMES.filter((name) => !profile.operations.has(name)),
    calls: exampleCalls(profile),
    sample: { order: sampleOrder(profile), settings: sampleSettings(profile) },
  };
}

function exampleCalls(profile: Profile): ExampleCall[] {
  return [...profile.operations.values()].map((operation) => {
    const { object } = operation.info;
    const fields = isWrite(operation.name) && object !== null ? sampleFields(profile, object) : {};
    const { method, path, document } = buildCall(
      profile,
      operation,
      sampleNames(profile),
      bodyOf(operation, profile, { fields }),
    );
    return { operation: operation.name, method, path, ...(document !== undefined && { body: document }) };
  });
}

/** What nothing uses: mostly a slip in a name. */
function unusedParts({ operations, fields, values, errors }: Profile): string[] {
  const objects = new Set([...operations.keys()].map((name) => infoOf(name).object));
  const converters = OBJECTS.flatMap((object) => [...fields[object].values()].map(({ converter }) => converter.name));
  const templates = [...operations.values()].flatMap((operation) => [...namesIn(operation)]);
  return [
    ...OBJECTS.filter((object) => fields[object].size > 0 && !objects.has(object)).map(
      (object) => `fields.${object} is used by no operation`,
    ),
    ...Object.keys(values)
      .filter((list) => !converters.includes(`enum:${list}`))
      .map((list) => `values.${list} is used by no field`),
    ...(errors.length === 0 ? ['errors is empty: every refusal of the portal will count as a fault'] : []),
    ...(templates.length === 0 ? ['no call says what it is about'] : []),
  ];
}
