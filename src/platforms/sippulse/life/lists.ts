import { ADDRESS, USER_LOCATION, WHITE_LIST } from '../operations/collections.ts';
import { addressEntries, WHOLE_ADDRESS } from '../steps/addresses.ts';
import { locationEntries } from '../steps/locations.ts';
import { whiteListEntries } from '../steps/white-list.ts';
import type { ReplacedList } from './replaced-list.ts';

/* The lists of a subscriber that a modify order replaces and a terminate order empties; DIDs have more to them. */

export const WHITE_LIST_OF: ReplacedList = { ...whiteListEntries, listed: WHITE_LIST, member: 'native.whiteList' };

export const ADDRESSES_OF: ReplacedList = {
  ...addressEntries(WHOLE_ADDRESS),
  listed: ADDRESS,
  member: 'native.addresses',
};

export const LOCATIONS_OF: ReplacedList = { ...locationEntries, listed: USER_LOCATION, member: 'native.locations' };
