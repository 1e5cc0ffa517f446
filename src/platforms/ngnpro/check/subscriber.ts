import { z } from 'zod';
import { addSchemaFaults, type Faults, type Path } from '../../check-faults.ts';
import type { OrderContent, SubscriberOrder } from '../../port.ts';
import { subscriberNative, subscriberNativeChange } from '../native.ts';
import { isAccountMember, isSwitch, schemaOfPreference } from '../preference-names.ts';
import { checkCallForwards } from './call-forwards.ts';
import { textFault } from './text.ts';

/** A password's two digests have 65 characters. */
const LONGEST_PASSWORD = 65;
const mail = z.email();

/** Platform rules for one subscriber (ngnpro.md, "Types" and "Rules worth coding"). */
export function checkSubscriber(
  { action }: OrderContent,
  subscriber: SubscriberOrder,
  path: Path,
  faults: Faults,
): void {
  const { password, externalId, webUsername, webPassword, callForwards } = subscriber;
  if (password !== undefined) faults.add([...path, 'password'], textFault(password, LONGEST_PASSWORD));
  if (externalId !== undefined) faults.add([...path, 'externalId'], textFault(externalId, 255));
  for (const [name, value] of Object.entries({ webUsername, webPassword })) {
    if (value !== undefined) faults.add([...path, name], 'does not exist on this platform');
  }
  if (callForwards) checkCallForwards(callForwards, [...path, 'callForwards'], faults);
  checkPreferences(subscriber, path, faults);
  checkVoicemail(subscriber, path, faults);
  const native = action === 'modify' ? subscriberNativeChange : subscriberNative;
  addSchemaFaults(faults, [...path, 'native'], native, subscriber.native, 'member');
}

function checkPreferences({ preferences = {}, callForwards, native }: SubscriberOrder, path: Path, faults: Faults) {
  const at = (name: string): Path => [...path, 'preferences', name];
  for (const [name, value] of Object.entries(preferences)) {
    const schema = schemaOfPreference(name);
    if (!schema) faults.add(at(name), 'is no preference of this platform');
    // `null` clears what is there.
    else if (value !== null) addSchemaFaults(faults, at(name), schema, value, 'member');
    if ((isAccountMember(name) || name === 'groups') && native[name] !== undefined) {
      faults.add(at(name), 'is given in native too: give one of them');
    }
    if (isSwitch(name) && preferences['groups'] !== undefined) {
      faults.add(at(name), 'is one of the groups: give it there, or leave preferences.groups out');
    }
  }
  const ringing = callForwards?.noAnswer?.ringTimeout;
  for (const [where, members] of Object.entries({ preferences, native })) {
    if (ringing !== undefined && members['timeout'] !== undefined) {
      faults.add([...path, where, 'timeout'], 'is the same as callForwards.noAnswer.ringTimeout: give one of them');
    }
  }
}

/** A PIN is dialled. */
function checkVoicemail({ voicemail }: SubscriberOrder, path: Path, faults: Faults): void {
  const { pin, email } = voicemail ?? {};
  if (pin !== undefined && !/^\d{3,16}$/.test(pin)) faults.add([...path, 'voicemail', 'pin'], 'must be 3 to 16 digits');
  if (email === undefined) return;
  const fault = mail.safeParse(email).success ? textFault(email, 255) : 'must be a mail address';
  faults.add([...path, 'voicemail', 'email'], fault);
}
