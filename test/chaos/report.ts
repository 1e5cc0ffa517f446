export interface Violation {
  readonly rule: string;
  readonly what: string;
  readonly evidence?: unknown;
}

/** JSON lines on standard output, and what was found wrong. */
export function createReport() {
  const violations: Violation[] = [];
  return {
    violations: violations as readonly Violation[],
    say(line: object): void {
      process.stdout.write(`${JSON.stringify(line)}\n`);
    },
    violate(rule: string, what: string, evidence?: unknown): void {
      violations.push({ rule, what, ...(evidence !== undefined && { evidence }) });
    },
  };
}

export type Report = ReturnType<typeof createReport>;
