import type { Path } from '../../check-faults.ts';
import type { OrderContent, SubscriberOrder } from '../../port.ts';
import { companyKey } from '../order/company.ts';
import { numberInName } from '../order/user.ts';
import type { OperationName } from '../profile/operations.ts';
import { namesIn } from '../profile/rules.ts';
import { keyInName } from '../steps/locate.ts';
import type { About } from './needs.ts';

/** How an order that changes what is there finds the company. */
export function checkNamedCompany(order: OrderContent, { needs, faults, profile }: About): void {
  needs.operation('company.find', ['customer']);
  if (companyKey(order, profile) === undefined) {
    faults.add(
      ['customer', 'externalId'],
      `is not what companies are known by in the profile "${profile.title}" (${profile.keys.company}), which this order does not tell`,
    );
  }
}

/** How it finds a user: by what its user name says of the key, else by the user name. */
export function checkNamedUser(subscriber: SubscriberOrder, path: Path, about: About): void {
  const { profile, needs, settings, faults } = about;
  const { username, domain } = subscriber;
  if (keyInName(subscriber, profile) !== null) needs.operation('user.find', path);
  else if (!profile.operations.has('user.list')) needs.operation('user.named', path);
  const { user } = profile.fields;
  if (
    !user.has('username') &&
    profile.keys.user === 'number' &&
    username !== '' &&
    numberInName(username) === undefined
  ) {
    faults.add([...path, 'username'], 'must be the number in E.164: the profile has no field for another name');
  }
  const isOther = settings.domain !== undefined && domain.toLowerCase() !== settings.domain.toLowerCase();
  if (!user.has('domain') && domain !== '' && isOther) {
    faults.add([...path, 'domain'], `must be ${settings.domain}: the profile has no field for another`);
  }
}

/** A call about a user that is there can say only what is known of it. */
export function checkCallable(name: OperationName, path: Path, { profile, faults, needs }: About): void {
  needs.operation(name, path);
  const operation = profile.operations.get(name);
  if (!operation) return;
  const names = namesIn(operation);
  const unknown = ['officeId', 'officeName'].find(
    (needed) => names.has(needed) && !(needed === 'officeId' && profile.fields.user.has('officeId')),
  );
  if (unknown === undefined) return;
  faults.add(path, `needs {${unknown}} for ${name}, which the profile "${profile.title}" has no field of a user for`);
}
