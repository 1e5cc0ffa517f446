/** What the engine does about an error (DESIGN §6). */
export const ERROR_CLASSES = [
  'transient',
  'ambiguous',
  'outage',
  'throttled',
  'auth',
  'rejected',
  'conflict',
  'bug',
] as const;
export type ErrorClass = (typeof ERROR_CLASSES)[number];

export interface CatalogueEntry {
  /** One line a person reads; never changes with the case at hand. */
  readonly title: string;
  readonly class: ErrorClass;
  /** What an operator (or the CRM's developer) does next. */
  readonly hint: string;
  /** HTTP status when the error is an answer of Turnup's own API. */
  readonly status: number;
}

const entry = (status: number, cls: ErrorClass, title: string, hint: string): CatalogueEntry => ({
  status,
  class: cls,
  title,
  hint,
});

/** The one list of stable error codes. `docs/reference/errors.md` is generated from it. */
export const CATALOGUE = {
  // The door: what a caller of the API did.
  TURNUP_MALFORMED_REQUEST: entry(
    400,
    'rejected',
    'The request is not readable',
    'Send one JSON object in UTF-8, without duplicate members.',
  ),
  TURNUP_UNAUTHENTICATED: entry(
    401,
    'rejected',
    'No valid token',
    'Send "Authorization: Bearer <token>" with the token of a configured client or operator.',
  ),
  TURNUP_FORBIDDEN: entry(403, 'rejected', 'Not allowed', 'Use a token whose client or role may do this.'),
  TURNUP_TARGET_FORBIDDEN: entry(
    403,
    'rejected',
    'This target is not yours',
    'Name one of the targets the client is configured for, or have the target added to it.',
  ),
  TURNUP_NOT_FOUND: entry(
    404,
    'rejected',
    'Not found',
    'Check the path and the id; a client sees only its own orders.',
  ),
  TURNUP_METHOD_NOT_ALLOWED: entry(
    405,
    'rejected',
    'Method not allowed',
    'See /openapi.json for the methods of this path.',
  ),
  TURNUP_STATE_CONFLICT: entry(
    409,
    'conflict',
    'The order is not in a state that allows this',
    'Read the order and see its state.',
  ),
  TURNUP_CREDENTIALS_NOT_READY: entry(
    409,
    'conflict',
    'No subscriber of this order exists yet',
    'Ask again when a subscriber step is done.',
  ),
  TURNUP_CREDENTIALS_GONE: entry(
    410,
    'rejected',
    'The generated credentials can no longer be read',
    'Set a new password with a modify order.',
  ),
  TURNUP_TOO_LARGE: entry(413, 'rejected', 'The request is too large', 'Keep an order under 1 MiB.'),
  TURNUP_UNSUPPORTED_MEDIA_TYPE: entry(
    415,
    'rejected',
    'Unsupported media type',
    'Send the Content-Type that the API names for this call.',
  ),
  TURNUP_INVALID_ORDER: entry(
    422,
    'rejected',
    'The order is not valid',
    'Mend every member that is listed under "errors" and post the order again.',
  ),
  TURNUP_INVALID_REQUEST: entry(
    422,
    'rejected',
    'The request is not valid',
    'Mend every member that is listed under "errors".',
  ),
  TURNUP_DUPLICATE_ORDER: entry(
    422,
    'conflict',
    'This externalId or Idempotency-Key was used with other content',
    'Use a new externalId for a new order; repeat an order with exactly the same content.',
  ),
  TURNUP_RATE_LIMITED: entry(429, 'throttled', 'Too many requests', 'Wait as long as Retry-After says.'),
  TURNUP_INTERNAL: entry(
    500,
    'bug',
    'Something went wrong inside Turnup',
    'Report it with the time and the order id; the log has the details.',
  ),
  TURNUP_STORE_UNAVAILABLE: entry(
    503,
    'outage',
    'The store cannot be reached; nothing was kept',
    'Send the same request again later.',
  ),

  // The target: what a platform did.
  TURNUP_TARGET_UNREACHABLE: entry(
    502,
    'outage',
    'The target cannot be reached',
    'Check the network and the platform; the order goes on by itself when it answers again.',
  ),
  TURNUP_TARGET_UNAVAILABLE: entry(
    502,
    'outage',
    'The target says that it is unavailable',
    'Check the platform; the order goes on by itself when it answers again.',
  ),
  TURNUP_TARGET_THROTTLED: entry(
    502,
    'throttled',
    'The target asks for fewer calls',
    'Lower "rate" of the target if this happens often.',
  ),
  TURNUP_TARGET_LOGIN_REFUSED: entry(
    502,
    'auth',
    'The target refuses the login',
    'Check username and password of the target, then close its breaker. No order fails because of it.',
  ),
  TURNUP_TARGET_FAILED: entry(
    502,
    'transient',
    'The target failed',
    "Turnup tried again; look into the platform's log, then retry the order.",
  ),
  TURNUP_OUTCOME_UNKNOWN: entry(
    502,
    'ambiguous',
    'The reply of the target was lost',
    'Turnup looks whether the work was done before it tries again.',
  ),
  TURNUP_TARGET_REJECTED: entry(
    502,
    'rejected',
    'The target refuses the data',
    'Read the detail; mend the order or the platform, then retry.',
  ),
  TURNUP_TARGET_FORBIDDEN_BY_ROLE: entry(
    502,
    'rejected',
    'The login may not do this on the target',
    'Give the login the right, the licence or the quota named in the detail, then retry.',
  ),
  TURNUP_TARGET_UNEXPECTED: entry(
    502,
    'bug',
    'The target answered something Turnup does not know',
    'Report the detail; retry the order once the answer is understood.',
  ),
  TURNUP_QUOTA_EXCEEDED: entry(
    502,
    'rejected',
    'A quota of the target is used up',
    'Raise the limit on the platform, then retry.',
  ),
  TURNUP_NUMBER_TAKEN: entry(
    502,
    'conflict',
    'A number belongs to another subscriber',
    'Free the number on the platform or mend the order, then retry.',
  ),
  TURNUP_SUBSCRIBER_TAKEN: entry(
    502,
    'conflict',
    "The subscriber exists and is not this order's",
    'Compare customer, externalId and numbers; mend the order or the platform, then retry.',
  ),
  TURNUP_WEB_USER_TAKEN: entry(
    502,
    'conflict',
    'The web user name is taken',
    'Choose another webUsername, then retry.',
  ),
  TURNUP_OBJECT_TAKEN: entry(
    502,
    'conflict',
    'An object of this name exists and is not as the order wants it',
    'Compare it with the order; mend the order or the platform, then retry.',
  ),
  TURNUP_OBJECT_BUSY: entry(
    502,
    'ambiguous',
    'Another step is changing the same thing',
    'Nothing to do at first: Turnup tries again. Retry the order once the other one is done.',
  ),
  TURNUP_OBJECT_AMBIGUOUS: entry(
    502,
    'conflict',
    'Several objects on the target match',
    'Make the natural key unique on the platform, then retry.',
  ),
  TURNUP_CONTACT_REQUIRED: entry(
    502,
    'rejected',
    'The customer is not on the target and the order has no contact',
    'Add customer.contact to the order.',
  ),
  TURNUP_OBJECT_MISSING: entry(
    422,
    'rejected',
    'The target does not have what is to be changed',
    'Provision it first, or correct the order: who is named must be a customer, and a subscriber of that customer, on the target.',
  ),
  TURNUP_REFERENCE_UNKNOWN: entry(
    502,
    'rejected',
    'The order names something the target does not have',
    'Create it on the platform or mend the order, then retry.',
  ),
  TURNUP_PREFERENCE_UNKNOWN: entry(
    502,
    'rejected',
    'The target has no such preference, or not with that value',
    'Mend the preference named in the detail, then retry.',
  ),
  TURNUP_TARGET_PARKED: entry(
    503,
    'outage',
    'The target is not called at the moment',
    'Send the same request again when Retry-After has passed; GET /v1/targets/{name} tells why and until when.',
  ),

  // Sources that files are collected from.
  TURNUP_SOURCE_UNREACHABLE: entry(
    502,
    'outage',
    'The source cannot be reached',
    'Check the network and the server; the collection goes on by itself when it answers again.',
  ),
  TURNUP_SOURCE_LOGIN_REFUSED: entry(
    502,
    'auth',
    'The source refuses the login',
    'Check user name, key and password with the operator of the server, then start a run by hand: until then none is tried.',
  ),
  TURNUP_SOURCE_TOO_WEAK: entry(
    502,
    'rejected',
    'The source offers less than was agreed',
    'Read what each side offers and settle it with the operator of the server, then start a run by hand: until then none is tried.',
  ),
  TURNUP_SOURCE_NOT_TRUSTED: entry(
    502,
    'conflict',
    'The host key of the source is not the pinned one',
    'Ask the operator of the server for its fingerprint on another way; put it into hostKeys only when it is the same, then start a run by hand.',
  ),
  TURNUP_SOURCE_ADDRESS: entry(
    502,
    'rejected',
    'No connection from this address',
    'Set localAddress and sourceAddresses to an address of this machine that the server lets in, or "workers.collect: false" here; then start a run by hand.',
  ),
  TURNUP_SOURCE_FAILED: entry(
    502,
    'transient',
    'The source failed',
    'The next run tries again; read the detail if it happens again.',
  ),
  TURNUP_FILE_DAMAGED: entry(
    502,
    'rejected',
    'A file is not what the source says it is',
    'Ask the operator of the server for the file; a run that is started by hand fetches it again.',
  ),
  TURNUP_FILE_UNREADABLE: entry(
    500,
    'rejected',
    'A fetched file cannot be read as the configuration says',
    'Mend "csv" of the collection; the next run reads the file again.',
  ),
  TURNUP_FOLDER_CHANGED: entry(
    500,
    'conflict',
    'The local folder is not the one that the source was collected into',
    'Mount the right one, or let one machine collect only; a run that is started by hand takes this folder from then on.',
  ),
  TURNUP_DISK_FULL: entry(
    507,
    'outage',
    'Too little room on the disk',
    'Make room; the next run goes on where this one stopped.',
  ),
  TURNUP_COLLECTION_BUSY: entry(
    409,
    'conflict',
    'The source is being collected from',
    'Wait until the run that is under way has ended.',
  ),

  // The engine.
  TURNUP_SUPERSEDED: entry(
    409,
    'conflict',
    'The step belongs to a run or direction that is over',
    'Nothing to do: it did nothing.',
  ),
  TURNUP_LEASE_LOST: entry(
    409,
    'ambiguous',
    'Another worker took the step over',
    'Nothing to do: the other worker finishes it.',
  ),
  TURNUP_DEADLINE_PASSED: entry(
    409,
    'rejected',
    'The deadline passed before the order was done',
    'Retry, undo or close the order.',
  ),
  TURNUP_JOB_LOST: entry(
    500,
    'bug',
    'The job of a step was lost',
    'Retry the order; if it happens again look for evicted or removed keys in Redis.',
  ),
  TURNUP_UNDO_FAILED: entry(
    500,
    'bug',
    'Undoing the order failed',
    'Read the detail, mend the platform, then retry: the undo goes on.',
  ),

  // Starting up.
  TURNUP_CONFIG_INVALID: entry(500, 'rejected', 'The configuration is not valid', 'Mend every setting that is listed.'),
  TURNUP_REDIS_UNFIT: entry(
    500,
    'rejected',
    'The Redis cannot hold orders safely',
    'Read the detail; see docs/running-in-production.md.',
  ),
  TURNUP_REDIS_MISSING: entry(
    500,
    'rejected',
    'No Redis',
    'Set redis.url or REDIS_URL, install redis-server, or run "turnup redis install".',
  ),
  TURNUP_DATA_IN_USE: entry(
    500,
    'conflict',
    'Another Turnup uses the data folder',
    'Stop the other one, set TURNUP_DATA to another folder, or give both the same Redis URL.',
  ),
  TURNUP_KEY_MISSING: entry(
    500,
    'rejected',
    'Live orders are sealed with a key that is not configured',
    'Put the key back into secretKeys; remove it only when no live order needs it.',
  ),

  // The command line.
  TURNUP_API_UNREACHABLE: entry(
    502,
    'outage',
    'The API of Turnup cannot be reached',
    'Start it with "turnup serve", or name it with --url or TURNUP_URL.',
  ),
  TURNUP_USAGE: entry(
    400,
    'rejected',
    'The command is not right',
    'See "turnup --help", or "turnup <command> --help".',
  ),
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof CATALOGUE;
