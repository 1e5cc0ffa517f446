import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderView } from '../../orders/record.ts';
import { collectOnce } from './cdr.ts';
import { createScreen, stateText, type Screen } from './screen.ts';
import { hagueScenes } from './hague.ts';
import { hagueLife, saopauloLife, viennaLife } from './life.ts';
import { romeScenes } from './rome.ts';
import { saopauloScenes } from './saopaulo.ts';
import { DOMAIN, LEFTOVER, viennaScenes, type Scene } from './story.ts';
import type { Stage } from './stage.ts';

const LOOK_EVERY_MS = 80;
const PATIENCE_MS = 90_000;
const ENDS: readonly OrderView['state'][] = ['completed', 'held', 'partial', 'failed', 'cancelled'];

interface Playing {
  scene: Scene;
  order: OrderView | null;
}

/** Places the orders, shows them move, mends what the platform refused. True when every order ended as it should. */
export async function play(stage: Stage, suffix: string): Promise<boolean> {
  const screen = createScreen();
  const leftoverId = await makeLeftover(stage);
  const scenes = [
    ...viennaScenes('vienna', suffix),
    ...saopauloScenes('saopaulo', suffix),
    ...hagueScenes('hague', suffix),
    ...viennaLife('vienna', suffix),
    ...saopauloLife('saopaulo', suffix),
    ...hagueLife('hague', suffix),
    ...romeScenes('rome', suffix),
  ];
  const playing: Playing[] = scenes.map((scene) => ({ scene, order: null }));
  await post(
    stage,
    playing.filter(({ scene }) => scene.after === undefined),
  );
  const ended = await watch(stage, screen, playing);
  screen.done();
  if (!ended) screen.say(`not every order came to an end within ${PATIENCE_MS / 1000} s`);

  screen.say();
  const asExpected = playing.map(({ scene, order }) => {
    const right = order?.state === scene.endsAs;
    const reason = order?.error ? `: ${order.error.detail ?? order.error.title}` : '';
    const verdict = right ? '' : `, but should be ${scene.endsAs}`;
    screen.say(
      `${right ? 'ok ' : 'NOT'} ${titleOf(scene)}: ${order ? stateText(order.state) : 'never posted'}${verdict}${reason}`,
    );
    return right;
  });
  const served = await servesEverything(stage, screen);

  const held = playing.find(({ scene }) => scene.endsAs === 'held');
  const mended = held?.order?.state === 'held' && (await mend(stage, screen, held, leftoverId));
  const collected = await collectOnce({
    into: stage.collected,
    say: screen.say,
    call: (method, path, body) => call(stage, stage.operator.token, method, path, body),
  });
  const verdicts = [...asExpected, served, mended, collected];
  screen.say();
  screen.say(`${verdicts.filter(Boolean).length} of ${verdicts.length} as expected`);
  return ended && verdicts.every(Boolean);
}

const titleOf = ({ title, order }: Scene): string => `${order.target}: ${title}`;

/** SIPPulse stores a change and goes on serving what it served, until it is told to read it. */
async function servesEverything(stage: Stage, screen: Screen): Promise<boolean> {
  const state = await fetch(`${stage.platforms.saopaulo}/__state`);
  const { unreloaded } = (await state.json()) as { unreloaded: unknown[] };
  const right = unreloaded.length === 0;
  const verdict = right ? 'serves all that it stores' : `does not serve ${unreloaded.length} of the changes it stores`;
  screen.say(`${right ? 'ok ' : 'NOT'} saopaulo: ${verdict}`);
  return right;
}

/** The number is freed on the platform, as a person would do it, and the order goes on from where it stopped. */
async function mend(stage: Stage, screen: Screen, held: Playing, leftoverId: string): Promise<boolean> {
  screen.say();
  screen.say('An operator frees the number on the platform and retries the held order:');
  await platform(stage, 'DELETE', `/api/subscribers/${leftoverId}`);
  const answer = await call(stage, stage.operator.token, 'POST', `/v1/orders/${held.order!.id}/retry`);
  if (!answer.ok) return false;
  const again: Playing = { scene: { ...held.scene, endsAs: 'completed' }, order: (await answer.json()) as OrderView };
  await watch(stage, screen, [again], (order) => order.state !== 'held');
  screen.done();
  const right = again.order?.state === 'completed';
  screen.say(
    `${right ? 'ok ' : 'NOT'} ${titleOf(held.scene)}: ${again.order ? stateText(again.order.state) : ''} after the retry`,
  );
  return right;
}

async function post(stage: Stage, playing: readonly Playing[]): Promise<void> {
  for (const one of playing) {
    const answer = await call(stage, stage.clientToken, 'POST', '/v1/orders', one.scene.order);
    const body = (await answer.json()) as OrderView & { detail?: string; errors?: unknown };
    if (answer.status !== 202) throw new Error(`order refused: ${answer.status} ${JSON.stringify(body)}`);
    one.order = body;
  }
}

async function watch(
  stage: Stage,
  screen: Screen,
  playing: readonly Playing[],
  isOver: (order: OrderView) => boolean = () => true,
): Promise<boolean> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    for (const one of playing) {
      const { after } = one.scene;
      const before = playing.find(({ order }) => order !== null && order.externalId === after)?.order;
      if (!one.order && before && ENDS.includes(before.state)) {
        await post(stage, [one]);
      } else if (one.order) {
        one.order = (await (
          await call(stage, stage.operator.token, 'GET', `/v1/orders/${one.order.id}`)
        ).json()) as OrderView;
      }
    }
    screen.show(playing.map(({ scene, order }) => ({ title: titleOf(scene), order })));
    if (playing.every(({ order }) => order && ENDS.includes(order.state) && isOver(order))) return true;
    if (performance.now() > until) return false;
    await sleep(LOOK_EVERY_MS);
  }
}

function call(stage: Stage, token: string, method: string, path: string, body?: unknown): Promise<Response> {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  return fetch(`${stage.url}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
}

/** Calls the stand-in of Sipwise NGCP as its own administrator would. */
async function platform(stage: Stage, method: string, path: string, body?: unknown): Promise<string> {
  const login = Buffer.from('administrator:administrator').toString('base64');
  const answer = await fetch(`${stage.platforms.vienna}${path}`, {
    method,
    headers: { authorization: `Basic ${login}`, accept: 'application/json', 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.headers.get('location')?.split('/').at(-1) ?? '';
}

/** A subscriber that was there before Turnup and has the number the fourth order asks for. */
async function makeLeftover(stage: Stage): Promise<string> {
  const contact = await platform(stage, 'POST', '/api/customercontacts/', { email: 'old@example.com', reseller_id: 1 });
  const customer = await platform(stage, 'POST', '/api/customers/', {
    status: 'active',
    type: 'sipaccount',
    contact_id: Number(contact),
    billing_profile_id: 1,
    external_id: 'before-turnup',
  });
  return platform(stage, 'POST', '/api/subscribers/', {
    customer_id: Number(customer),
    domain: DOMAIN,
    username: LEFTOVER.username,
    password: 'Old-fax-machine-1',
    primary_number: LEFTOVER.number,
  });
}
