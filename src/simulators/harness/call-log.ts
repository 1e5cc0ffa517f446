/** One call as `GET /__calls` shows it. Never a body: those hold secrets. */
export interface Call {
  /** ISO 8601, UTC: when the whole request had arrived. */
  readonly at: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly operation: string | null;
  /** `null` when no answer went out, or none has yet. */
  readonly status: number | null;
}

export interface CallEntry {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly operation: string | null;
  status: number | null;
}

export interface CallLog {
  begin(method: string, path: string, operation: string | null): CallEntry;
  /** Oldest first. */
  list(): Call[];
  clear(): void;
}

/** Keeps the newest `capacity` calls in a ring, so that a long run costs bounded memory and no shifting. */
export function createCallLog(capacity: number): CallLog {
  let ring: CallEntry[] = [];
  let oldest = 0;
  return {
    begin(method, path, operation) {
      const entry: CallEntry = { at: Date.now(), method, path, operation, status: null };
      if (ring.length < capacity) {
        ring.push(entry);
      } else {
        ring[oldest] = entry;
        oldest = (oldest + 1) % capacity;
      }
      return entry;
    },
    list() {
      return [...ring.slice(oldest), ...ring.slice(0, oldest)].map(({ at, ...rest }) => ({
        at: new Date(at).toISOString(),
        ...rest,
      }));
    },
    clear() {
      ring = [];
      oldest = 0;
    },
  };
}
