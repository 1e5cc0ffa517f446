/** A company, office or user as the portal keeps it: what it was told, and what hangs together. */
export interface Row {
  readonly id: string;
  /** Of an office its company, of a user its office. */
  readonly parent: string | null;
  /** As it was sent. */
  document: Record<string, unknown>;
  status: 'active' | 'suspended';
}

export interface UserRow extends Row {
  /** In E.164: its own, and those beside it. */
  numbers: readonly string[];
  services: unknown;
  callForwards: unknown;
  voicemail: unknown;
}

/** A line rented from the network's owner. */
export interface LineRow {
  readonly id: string;
  /** In E.164. */
  readonly number: string;
  readonly company: string | null;
  document: Record<string, unknown>;
}

/** A call that was queued. */
export interface Ticket {
  readonly id: string;
  /** ms since the epoch. */
  readonly dueAt: number;
  state: 'waiting' | 'done' | 'failed';
  /** What the call would have been answered. */
  result: unknown;
  work: (() => void) | null;
}

/** Numbers that left to another operator before this portal was asked for anything. */
const PORTED_OUT = ['+390699999999', '+390699999998', '+390699999997'];

export function createState() {
  const counters = { company: 1000, office: 2000, user: 3000, line: 4000, ticket: 0 };
  return {
    companies: new Map<string, Row>(),
    offices: new Map<string, Row>(),
    users: new Map<string, UserRow>(),
    lines: new Map<string, LineRow>(),
    /** Antifraud limits by number. */
    limits: new Map<string, unknown>(),
    tickets: new Map<string, Ticket>(),
    portedOut: new Set(PORTED_OUT),
    nextId(kind: keyof typeof counters): string {
      counters[kind] += 1;
      return kind === 'ticket' ? `T${counters[kind]}` : String(counters[kind]);
    },
  };
}

export type PortalState = ReturnType<typeof createState>;
