import { FENCE, LEASE, orderScript, runOrderScript, type Store } from './lua.ts';

/* ARGV: 3 run, from 4 the steps. The time of the last write stays: the undo waits until that write must have ended. */
const DISOWN = orderScript(`${FENCE}${LEASE}
local disowned = 0
for i = 4, #ARGV do
  local S = 's:' .. ARGV[i] .. ':'
  if turnedRound(ARGV[3], 'f') and get(S .. 'st') == 'active' then
    set(S .. 'st', 'waiting')
    takeAway(ARGV[i])
    if get('lane') == ARGV[i] then redis.call('HDEL', K, 'lane') end
    disowned = disowned + 1
  end
end
return disowned
`);

/**
 * Of an order that was turned round: steps that count as under way although no job of theirs will ever run are so no
 * longer. What they may have done is for their undo to find out. Gives how many there were.
 */
export async function disownSteps(store: Store, id: string, run: number, steps: readonly string[]): Promise<number> {
  return Number(await runOrderScript(store, DISOWN, id, [run, ...steps]));
}
