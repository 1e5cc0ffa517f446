import { z } from 'zod';

const LONGEST = 200;
/**
 * A repeated group, or many open repetitions, can make a pattern take longer than the universe is old; a platform, or
 * who gets it to say something, chooses the text.
 */
const REPEATED_GROUP = /\)\s*[*+{]/;
const OPEN_REPETITION = /[*+]|\{\d+,\d*\}/g;
const MOST_REPETITIONS = 2;
const FORM = /^\/(.+)\/(i?)$/s;
/** What is escaped or stands in a class is no repetition. */
const LITERALS = /\\.|\[(?:\\.|[^\]\\])*\]/gs;

function faultOf(source: string): string | null {
  const bare = source.replaceAll(LITERALS, 'x');
  if (/\(\?[^:]/.test(bare) || /\\[1-9k]/.test(source)) return 'may not look around or refer back';
  if (REPEATED_GROUP.test(bare)) return 'may not repeat a group';
  if ((bare.match(OPEN_REPETITION)?.length ?? 0) > MOST_REPETITIONS) {
    return `may have ${MOST_REPETITIONS} of "*" and "+" at most`;
  }
  return null;
}

/** What a platform's text must hold: the words as they are, or `/pattern/`, `/pattern/i` where that is not enough. */
export const answerText = z
  .string()
  .min(1)
  .max(LONGEST)
  .transform((written, ctx): string | RegExp => {
    const [, source, flags] = FORM.exec(written) ?? [];
    if (source === undefined) return written;
    const fault = faultOf(source);
    try {
      if (fault === null) return new RegExp(source, flags);
    } catch {
      ctx.addIssue({ code: 'custom', message: 'is not a regular expression' });
      return z.NEVER;
    }
    ctx.addIssue({ code: 'custom', message: `is a pattern that could take too long: it ${fault}` });
    return z.NEVER;
  })
  .meta({ reads: 'text, or `/pattern/`' });
