import { createLogUpdate } from 'log-update';
import colours from 'picocolors';
import type { OrderView, StepView } from '../../orders/record.ts';

export interface Screen {
  /** Shows the orders as they are now. */
  show(orders: readonly { title: string; order: OrderView | null }[]): void;
  /** A line that stays. */
  say(line?: string): void;
  done(): void;
}

const MARKS: Record<StepView['state'], string> = {
  waiting: colours.dim('·'),
  active: colours.yellow('▸'),
  done: colours.green('✓'),
  failed: colours.red('✗'),
  skipped: colours.blue('»'),
  undoing: colours.yellow('◂'),
  undone: colours.magenta('↶'),
};

const STATES: Partial<Record<OrderView['state'], (text: string) => string>> = {
  completed: colours.green,
  held: colours.red,
  failed: colours.magenta,
  cancelled: colours.magenta,
  inProgress: colours.yellow,
};

const INDENT = '    ';

/** The steps of an order, in lines that break between steps. */
function stepLines({ steps }: OrderView, columns: number): string[] {
  const lines: string[] = [];
  let room = 0;
  for (const { id, state } of steps) {
    const mark = `${MARKS[state]} ${id}  `;
    const width = id.length + 4;
    if (width > room) {
      lines.push(INDENT);
      room = columns - INDENT.length;
    }
    lines[lines.length - 1] += mark;
    room -= width;
  }
  return lines.map((line) => line.trimEnd());
}

export function stateText(state: OrderView['state']): string {
  return (STATES[state] ?? colours.dim)(state);
}

/** On a terminal a picture that moves; elsewhere one line for each change. */
export function createScreen(stream: NodeJS.WriteStream = process.stdout): Screen {
  const say = (line = '') => void stream.write(`${line}\n`);
  if (!stream.isTTY) return createLineScreen(say);
  const update = createLogUpdate(stream);
  return {
    show(orders) {
      const lines = orders.flatMap(({ title, order }) => [
        `${colours.bold(order?.externalId ?? '…')}  ${title}  ${order ? stateText(order.state) : colours.dim('not posted yet')}`,
        ...(order ? stepLines(order, stream.columns || 80) : []),
      ]);
      update(lines.join('\n'));
    },
    say(line = '') {
      update.clear();
      say(line);
    },
    done: () => update.done(),
  };
}

function createLineScreen(say: (line?: string) => void): Screen {
  const told = new Map<string, string>();
  return {
    show(orders) {
      for (const { order } of orders) {
        if (!order) continue;
        for (const step of order.steps) {
          tell(`${order.id} ${step.id}`, step.state, `${order.externalId}  ${step.id}: ${step.state}${detailOf(step)}`);
        }
        tell(order.id, order.state, `${order.externalId}  ${stateText(order.state)}`);
      }
    },
    say,
    done() {},
  };
  function tell(key: string, state: string, line: string): void {
    if (told.get(key) === state) return;
    told.set(key, state);
    if (state !== 'waiting') say(`  ${line}`);
  }
}

function detailOf(step: StepView): string {
  if (step.error) return ` (${step.error.code}: ${step.error.detail ?? step.error.title})`;
  return step.outcome && step.state === 'done' ? ` (${step.outcome})` : '';
}
