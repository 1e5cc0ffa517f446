import { TurnupError } from '../errors/index.ts';

const REDACTED = '[redacted]';

// By the last word of a name, so that webPassword, pbx_password and voicemailPin are met without being listed.
const SECRET_NAME =
  /(?:password|passwd|passphrase|secrets?|tokens?|jwt|cookies?|authorization|credentials?|private[_-]?keys?|secret[_-]?keys?|api[_-]?keys?|pin)$|^(?:.*[_-])?(?:key|pass|pwd|otp)$/i;

const MAX_DEPTH = 8;
const MAX_ENTRIES = 200;
const MAX_TEXT = 4_000;
const MAX_CAUSES = 5;

// Secrets as they turn up in the texts of libraries and servers. Each keeps what stands before the secret.
const SECRETS_IN_TEXT: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic|Digest)\s+[\w\-+/.~=]{6,}/gi, `$1 ${REDACTED}`],
  [/\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]+)?/g, REDACTED],
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@"'\\]{1,300}@/gi, `$1${REDACTED}@`],
  [
    /((?:password|passwd|passphrase|secret|token|pin|api_?key)\\?["']?\s*[=:]\s*\\?["']?)(?!\[redacted\])[^\s"'\\&,;<>}]{1,300}/gi,
    `$1${REDACTED}`,
  ],
  [/(<(?:[\w.-]{1,40}:)?[\w.-]{0,40}(?:password|passwd|secret|token|pin)\b[^>]{0,200}>)[^<]{1,300}/gi, `$1${REDACTED}`],
];

/** Whether a member of this name is never shown. */
function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/**
 * Takes credentials out of free text: HTTP authorization, JWTs, user information in URLs, `password=…` in URLs, JSON and
 * XML. A last resort for texts of others; a text of our own does not hold a secret in the first place.
 */
export function scrubText(text: string): string {
  let scrubbed = text;
  for (const [pattern, replacement] of SECRETS_IN_TEXT) scrubbed = scrubbed.replace(pattern, replacement);
  return scrubbed;
}

/** Text as it may be logged: scrubbed, and cut to a length that keeps a line readable. */
export function redactText(text: string): string {
  // Cut first, so that a huge text costs no more to scrub than the part that is shown.
  const kept = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}… (${text.length} characters)` : text;
  return scrubText(kept);
}

/** An error as it may be logged: no member but those named here, since libraries hang requests and commands on them. */
export interface LoggedError {
  type: string;
  message: string;
  code?: string;
  class?: string;
  detail?: string;
  faults?: { path: string; message: string }[];
  syscall?: string;
  stack?: string;
  causes?: LoggedError[];
}

function describe(error: Error): LoggedError {
  const { code, syscall } = error as NodeJS.ErrnoException;
  const common: LoggedError = {
    type: error.name,
    message: redactText(error.message),
    ...(typeof code === 'string' && { code }),
    ...(typeof syscall === 'string' && { syscall }),
  };
  if (!(error instanceof TurnupError)) return common;
  return {
    ...common,
    class: error.class,
    ...(error.detail !== undefined && { detail: redactText(error.detail) }),
    ...(error.faults.length > 0 && {
      faults: error.faults
        .slice(0, MAX_ENTRIES)
        .map(({ path, message }) => ({ path: path.join('.'), message: redactText(message) })),
    }),
  };
}

function causesOf(error: Error): Error[] {
  const causes: Error[] = [];
  for (let at = error.cause; at instanceof Error && causes.length < MAX_CAUSES && !causes.includes(at); at = at.cause) {
    causes.push(at);
  }
  return causes;
}

/** The chain of causes is flat and without stacks: one stack says where, the causes say why. */
function serializeError(error: Error): LoggedError {
  const causes = causesOf(error);
  return {
    ...describe(error),
    ...(error.stack !== undefined && { stack: redactText(error.stack) }),
    ...(causes.length > 0 && { causes: causes.map(describe) }),
  };
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/**
 * A copy that may be logged: members with a secret's name are replaced at any depth, errors are described, objects of
 * classes (requests, connections) are named only, and depth, width and text length are limited.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return serializeError(value);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.constructor.name} of ${value.byteLength} bytes]`;
  if (!Array.isArray(value) && !isPlain(value)) return `[${value.constructor?.name ?? 'object'}]`;
  if (depth >= MAX_DEPTH) return '[too deep]';
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((item) => redact(item, depth + 1));
  return redactMembers(value as Record<string, unknown>, depth);
}

export function redactMembers(members: Record<string, unknown>, depth = 0): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members).slice(0, MAX_ENTRIES)) {
    copy[name] = isSecretName(name) ? REDACTED : redact(value, depth + 1);
  }
  return copy;
}
