import type { AnswerRow, ErrorCode } from '../../errors/index.ts';

const row = <Status extends AnswerRow['status']>(
  status: Status,
  text: RegExp | null,
  code: ErrorCode,
  says: string,
  examples: readonly string[] = [],
  more: Pick<AnswerRow, 'write'> = {},
): AnswerRow & { readonly status: Status } => ({ status, ...(text ? { text } : {}), code, says, examples, ...more });

const REJECTED = 'TURNUP_TARGET_REJECTED';
const UNKNOWN_REFERENCE = 'TURNUP_REFERENCE_UNKNOWN';
const PREFERENCE = 'TURNUP_PREFERENCE_UNKNOWN';
const LOGIN = 'TURNUP_TARGET_LOGIN_REFUSED';
const ROLE = 'TURNUP_TARGET_FORBIDDEN_BY_ROLE';
const UNEXPECTED = 'TURNUP_TARGET_UNEXPECTED';
const FAILED = 'TURNUP_TARGET_FAILED';
const LOST = 'TURNUP_OUTCOME_UNKNOWN';

/**
 * sipwise-ngcp.md §1 (login), §4 (status), §4.1 and §4.2 (500), §8 (texts of the resources). First match wins. Texts
 * vary with the release, so every status has a row without one.
 */
export const ANSWERS: readonly (AnswerRow & { readonly status: number })[] = [
  row(301, null, UNEXPECTED, 'The target redirects; a path lacks its final slash or the URL of the target is wrong.'),
  row(302, null, UNEXPECTED, 'The target redirects; the URL of the target is wrong.'),
  row(400, null, REJECTED, 'The request is not readable for the target.', [
    "Invalid PATCH op 'add', must be one of 'copy', 'replace'",
    'The request body is not valid: Malformed JSON',
  ]),
  row(401, null, LOGIN, 'The login is refused.', ['Authorization required.']),

  row(403, /^User not found/, LOGIN, 'User name or password is wrong.', ['User not found']),
  row(403, /^Banned/, LOGIN, 'The login is banned after too many failures.', ['Banned']),
  row(403, /^Invalid OTP/, LOGIN, 'The login asks for a one-time password; use an account without it.', [
    'Invalid OTP',
  ]),
  row(403, /^Password expired/, LOGIN, 'The password of the login has expired.', ['Password expired']),
  row(403, /^Forbidden!/, LOGIN, 'The token is refused.', ['Forbidden!']),
  row(403, /^Invalid client certificate/, LOGIN, 'The client certificate is refused.', [
    "Invalid client certificate DN '/CN=someone'",
    "Invalid client certificate serial number '42'.",
  ]),
  row(403, /^Invalid user/, ROLE, 'The role of the login may not use this resource.', ['Invalid user']),
  row(403, /read-only user/, ROLE, 'The login may only read.', ['Invalid HTTP method for read-only user']),
  row(403, /^Invalid license/, ROLE, 'The licence of the platform does not cover this.', ['Invalid license']),
  row(403, /^Maximum number of/, 'TURNUP_QUOTA_EXCEEDED', 'A limit on the number of subscribers is reached.', [
    'Maximum number of customer subscribers reached.',
    'Maximum number of reseller subscribers reached.',
    'Maximum number of subscribers for this platform is reached',
  ]),
  row(403, /^Cannot terminate pilot/, REJECTED, 'The pilot subscriber of a PBX goes last.', [
    'Cannot terminate pilot subscriber when other subscribers exists',
  ]),
  row(403, null, ROLE, 'The target forbids this.'),

  row(404, /^Path not found/, UNEXPECTED, 'The release of the target lacks this path or method.', ['Path not found']),
  row(404, /^Entity '/, UNKNOWN_REFERENCE, 'The object is not on the target.', ["Entity 'subscriber' not found."]),
  row(404, null, UNEXPECTED, 'There is nothing at this path; the URL of the target may be wrong.'),
  row(408, null, LOST, 'The front server gave up waiting.', [], { write: true }),
  row(408, null, FAILED, 'The front server gave up waiting.', [], { write: false }),
  row(409, null, UNEXPECTED, 'The target cannot embed what was asked.'),
  row(413, null, REJECTED, 'The request is too large for the target.'),
  row(415, null, UNEXPECTED, 'The target does not take this content type.', ["Unsupported media type 'undefined'"]),

  row(422, /^Subscriber already exists/, 'TURNUP_SUBSCRIBER_TAKEN', 'Username and domain are taken.', [
    'Subscriber already exists.',
  ]),
  row(422, /^Webusername-Domain combination/, 'TURNUP_WEB_USER_TAKEN', 'The web user name is taken in this domain.', [
    "Webusername-Domain combination 'alice-7' already exists.",
  ]),
  row(422, /^Numbers? '.*' already exist|provided aliases already exist/, 'TURNUP_NUMBER_TAKEN', 'A number is taken.', [
    "Number '43-1-100001' already exists.",
    "Number '4328' already exists.",
    "Numbers '4327,4328' already exist.",
    'more than 10 provided aliases already exist',
  ]),
  row(422, /^Invalid 'domain', doesn't belong/, UNKNOWN_REFERENCE, 'The domain belongs to another reseller.', [
    "Invalid 'domain', doesn't belong to the same reseller as subscriber's customer.",
  ]),
  row(422, /^Invalid 'domain(?:_id)?'/, UNKNOWN_REFERENCE, 'The domain is not on the target.', [
    "Invalid 'domain', doesn't exist.",
  ]),
  row(422, /^Invalid 'customer_id'/, UNKNOWN_REFERENCE, 'The customer is not on the target, or terminated.', [
    "Invalid 'customer_id', doesn't exist.",
  ]),
  row(422, /^Invalid 'contact_id'|contact_id is not a valid/, UNKNOWN_REFERENCE, 'There is no such customer contact.', [
    "Invalid 'contact_id'",
    "Invalid 'contact_id', doesn't exist",
    'The contact_id is not a valid ngcp:customercontacts item, but an ngcp:systemcontacts item',
  ]),
  row(422, /^Invalid 'billing_profile_id'/, UNKNOWN_REFERENCE, 'There is no such live billing profile.', [
    "Invalid 'billing_profile_id' (9999).",
    "Invalid 'billing_profile_id', not defined.",
    "Invalid 'billing_profile_id' (7), already terminated.",
  ]),
  row(
    422,
    /^The reseller of the contact doesn't match/,
    UNKNOWN_REFERENCE,
    'The billing profile is another reseller’s.',
    ["The reseller of the contact doesn't match the reseller of the billing profile (gold)."],
  ),
  row(
    422,
    /^Invalid '(?:reseller|profile_package|profile)_id'/,
    UNKNOWN_REFERENCE,
    'The target has no such reference.',
    ["Invalid 'reseller_id'", "Invalid 'profile_package_id'."],
  ),
  row(
    422,
    /^(?:Invalid|Empty) profile(?:_set)?_id parameter/,
    UNKNOWN_REFERENCE,
    'There is no such subscriber profile.',
    ['Invalid profile_set_id parameter', 'Empty profile_set_id parameter', 'Invalid profile_id parameter'],
  ),
  row(422, /does not belong to Reseller/, UNKNOWN_REFERENCE, 'The e-mail template is another reseller’s.', [
    "'subscriber_email_template_id' with value '9' does not belong to Reseller 'x' that is assigned to Customer's Contact 'y'",
  ]),
  row(422, /already terminated and cannot be changed/, REJECTED, 'The customer is terminated.', [
    'Customer is already terminated and cannot be changed.',
  ]),
  row(422, /^A primary_number is required/, REJECTED, 'This release keeps no subscriber without a primary number.', [
    'A primary_number is required for the SIP subscriber.',
  ]),
  row(422, /pbx/i, REJECTED, 'The rules for PBX subscribers are not met.', [
    'Customer already has a pbx pilot subscriber.',
    'Customer has no pbx pilot subscriber yet and is_pbx_pilot is not set.',
    'A pbx_extension is required if customer is PBX and pilot subscriber exists.',
    'The pbx_extension already exists for this customer.',
  ]),
  row(422, /^Unknown \w+ '/, UNKNOWN_REFERENCE, 'A preference names something the target does not have.', [
    "Unknown rewrite_rule_set 'nope'",
    "Unknown ncos_level 'nope'",
    "Unknown sound_set 'nope'",
  ]),
  row(
    422,
    /[Pp]reference '|^Duplicate \w+ value|^Invalid IPv4 or IPv6/,
    PREFERENCE,
    'A preference has a wrong value.',
    [
      "Invalid data type for element in preference 'concurrent_max', expected 'int'",
      "Invalid data type '' for preference 'block_in_list', expected ARRAY",
      "Preference 'cli' exceeds maximum length of 128 characters",
      "Invalid enum value in preference 'use_rtpproxy'",
      'Duplicate allowed_clis value: 431',
      "Invalid IPv4 or IPv6 address in allowed_ips entry '999.1.1.1', must be valid address with optional /net suffix",
    ],
  ),
  row(
    422,
    /^Not a simple cf/,
    REJECTED,
    'The subscriber has several mappings of one forward; only a person can tell which stays.',
    ['Not a simple cf. Multiple cfu-s configured.'],
  ),
  // Somebody changed the object between our look and our change: looking again mends it.
  row(422, /pointer that references a non-existent value/, FAILED, 'The object changed in between.', [
    'The entity could not be processed: A pointer that references a non-existent value (pointer: /cli)',
  ]),
  row(422, /^Validation failed/, REJECTED, 'The target finds the data invalid.', [
    "Validation failed. field='username', input='sub val', errors='Cannot contain spaces.'",
  ]),
  row(422, null, REJECTED, 'The target refuses the data.', [
    "customer_id can't be changed.",
    'Subscriber with this username does not exist in the domain.',
    'Invalid primary_number parameter, must be a hash.',
  ]),
  row(423, null, FAILED, 'Something that must go first still uses the contact.', ['Contact is still in use.']),
  row(429, null, 'TURNUP_TARGET_THROTTLED', 'The front server asks for fewer calls.'),

  row(500, /^No JWT key has been configured/, LOGIN, 'The target has no token login.', [
    'No JWT key has been configured',
  ]),
  row(500, /^Requested unknown type/, UNEXPECTED, 'The target does not answer in this type.', [
    "Requested unknown type 'application/hal+json', supported types: application/json.",
  ]),
  row(500, /was created/, LOST, 'The target failed after a part of the work.', [
    'Failed to activate domain. Domain was created',
  ]),
  // Locks, deadlocks and mail as well as faults that never heal (§4.1): the steps look which it was.
  row(500, null, FAILED, 'The target failed.', [
    'Internal Server Error',
    'Failed to create subscriber',
    'Failed to create customer.',
    "CallForward 'cfu' could not be updated.",
  ]),
  row(502, null, LOST, 'The front server lost the platform; the work may have been done.', [], { write: true }),
  row(502, null, FAILED, 'The front server lost the platform.', [], { write: false }),
  row(503, null, 'TURNUP_TARGET_UNAVAILABLE', 'The database of the target is down.'),
  row(504, null, LOST, 'The front server gave up waiting; the work may have been done.', [], { write: true }),
  row(504, null, FAILED, 'The front server gave up waiting.', [], { write: false }),
];

/** The whole table: what is known, and what the rest is taken for. */
export const ANSWER_TABLE: readonly AnswerRow[] = [
  ...ANSWERS,
  row({ from: 500 }, null, FAILED, 'The target failed.'),
  row(undefined, null, UNEXPECTED, 'The target answered something unknown.'),
];
