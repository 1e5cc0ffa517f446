const NEWLINE = 0x0a;
const RETURN = 0x0d;

export interface Line {
  /** From 1 on. */
  readonly number: number;
  /** Without its end. */
  readonly bytes: Buffer;
  /** There was more of it than is kept. */
  readonly isCut: boolean;
}

/** Lines of a stream of bytes. What of a line is longer than `longest` is left out, so that one fits into memory. */
export async function* readLines(chunks: AsyncIterable<Buffer>, longest: number): AsyncGenerator<Line> {
  let kept: Buffer[] = [];
  let size = 0;
  let isCut = false;
  let number = 0;

  function keep(bytes: Buffer): void {
    const room = longest - size;
    if (bytes.length > room) isCut = true;
    if (room > 0 && bytes.length > 0) kept.push(bytes.subarray(0, room));
    size = Math.min(longest, size + bytes.length);
  }
  function end(): Line {
    number += 1;
    const whole = kept.length === 1 ? kept[0]! : Buffer.concat(kept);
    const bytes = whole.at(-1) === RETURN && !isCut ? whole.subarray(0, -1) : whole;
    const line = { number, bytes, isCut };
    kept = [];
    size = 0;
    isCut = false;
    return line;
  }

  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      keep(chunk.subarray(from, at));
      yield end();
      from = at + 1;
    }
    keep(chunk.subarray(from));
  }
  if (size > 0 || isCut) yield end();
}
