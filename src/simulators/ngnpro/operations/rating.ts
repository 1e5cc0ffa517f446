import { checkTouch } from '../actor.ts';
import { invalid, NgnproFault } from '../fault.ts';
import { accountOf, type Context, type Operations } from '../operation.ts';
import { struct, text, type Struct } from '../values.ts';

const PROFILES = ['profileWeekday', 'profileWeekdayAlt', 'profileWeekend', 'profileWeekendAlt'] as const;
const ENTITY = /^subscriber:\/\/([^@\s]+)@([^@\s]+)$/;

/** The account that an entity names, which may be gone. @throws NgnproFault */
function sipIdIn(entity: string, { state, actor }: Context): Struct {
  const [, username = '', domain = ''] = ENTITY.exec(entity) ?? [];
  if (username === '') throw invalid(`entity ${entity}`);
  checkTouch(actor, state.domains.get(domain)?.ownership ?? { customer: 0, reseller: 0 });
  return { username, domain };
}

/** @throws NgnproFault */
function profilesOf(entity: string, context: Context): Struct {
  sipIdIn(entity, context);
  const profiles = context.state.ratingProfiles.get(entity);
  if (!profiles) throw new NgnproFault('profilesAbsent', entity);
  return profiles;
}

export const ratingOperations: Operations = {
  /** 4001 where none is named (ngnpro.md, "Faults": set raises it too): assumed. */
  setEntityProfiles(args, context) {
    const given = struct(args, 'profiles');
    const entity = text(given, 'entity');
    accountOf(sipIdIn(entity, context), context);
    if (PROFILES.every((member) => text(given, member) === '')) throw new NgnproFault('profilesAbsent', entity);
    context.state.ratingProfiles.set(entity, {
      entity,
      ...Object.fromEntries(PROFILES.map((member) => [member, text(given, member)])),
      timezone: text(given, 'timezone'),
    });
  },

  deleteEntityProfiles(args, context) {
    const entity = text(args, 'entity');
    profilesOf(entity, context);
    context.state.ratingProfiles.delete(entity);
  },

  getEntityProfiles: (args, context) => profilesOf(text(args, 'entity'), context),
};
