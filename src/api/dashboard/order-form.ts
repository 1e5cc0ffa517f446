import type { OrderView } from '../../orders/record.ts';
import { TERMINAL_STATES } from '../../orders/states.ts';
import { hasRole } from '../auth/principal.ts';
import { ACTS, type Act } from '../orders/acts.ts';
import { boardActor } from './actor.ts';
import { html, type Html } from './html.ts';
import { BOARD_PATH } from './page.ts';

/** What came of the button that was pressed. */
export interface Notice {
  readonly text: string;
  readonly isFault: boolean;
}

export const orderPath = (id: string): string => `${BOARD_PATH}/orders/${id}`;

const LABELS: Readonly<Record<Act, { readonly button: string; readonly means: string; readonly done: string }>> = {
  cancel: {
    button: 'Cancel',
    means: 'stops the order and takes back what it did; it ends cancelled',
    done: 'The order is being cancelled, or is cancelled already.',
  },
  undo: {
    button: 'Undo',
    means: 'takes back what it did; it ends failed and can be retried whole',
    done: 'The order is being undone.',
  },
  close: {
    button: 'Close',
    means: 'ends it as it is, nothing is taken back',
    done: 'The order is closed.',
  },
  release: {
    button: 'Release',
    means: "lets the customer's next order go, this one stays held",
    done: "The customer's next order may go.",
  },
};

const RETRIED: Notice = { text: 'The order goes on; reload the page to see how.', isFault: false };

/** For a page that was asked for by an act of ours; anything else in the query says nothing. */
export function doneNotice(done: unknown): Notice | null {
  if (done === 'retry') return RETRIED;
  const act = ACTS.find((one) => one === done);
  return act === undefined ? null : { text: LABELS[act].done, isFault: false };
}

/** What may be worth a try; whether it is possible the record decides. */
function offered({ state, direction }: OrderView): Act[] {
  const isUndoing = direction === 'undo';
  if (TERMINAL_STATES.includes(state) || state === 'pendingCancellation') return [];
  if (state !== 'held') return isUndoing ? [] : ['cancel'];
  return isUndoing ? ['close', 'release'] : ['undo', 'cancel', 'close', 'release'];
}

const isRetriable = ({ state, direction }: OrderView): boolean =>
  state === 'held' || (state === 'failed' && direction === 'undo');

/** The first button is what the Enter key presses: none of the others is to be pressed by accident. */
const NO_DEFAULT = html`<button type="submit" disabled hidden></button>`;

/** The buttons that an operator has on an order; nothing for a viewer. */
export function actForm(order: OrderView, token: string): Html | null {
  const { operator } = boardActor.getStore() ?? {};
  if (!operator || !hasRole(operator, 'operator')) return null;
  const acts = offered(order);
  const csrf = html`<input type="hidden" name="csrf" value="${token}" />`;
  const retry =
    isRetriable(order) &&
    html`<form method="post" action="${orderPath(order.id)}/retry">
      ${csrf}
      <button type="submit">Retry</button>
      ${order.state === 'held' ? 'goes on from the failed steps' : 'starts it again'}
    </form>`;
  const others =
    acts.length > 0 &&
    html`<form method="post" action="${orderPath(order.id)}/${acts[0]!}">
      ${csrf} ${NO_DEFAULT}
      <label for="reason">Reason, for the journal</label>
      <input id="reason" name="reason" maxlength="500" required autocomplete="off" />
      <ul class="acts">
        ${acts.map(
          (act) =>
            html`<li>
              <button type="submit" formaction="${orderPath(order.id)}/${act}">${LABELS[act].button}</button>
              ${LABELS[act].means}
            </li> `,
        )}
      </ul>
    </form>`;
  return html`${retry}${others}`;
}
