import { randomBytes } from 'node:crypto';
import { play } from '../demo/play.ts';
import { setStage } from '../demo/stage.ts';
import { parsePort } from '../parse-port.ts';
import { EXIT_FAILED, EXIT_OK } from '../report.ts';
import { createStopSignal } from '../stop-signal.ts';

const say = (line = '') => void process.stdout.write(`${line}\n`);

/** Everything at once, with sample orders. The exit code is 0 only if all of them ended as they should. */
export async function run(options: { exit?: boolean; port?: string }): Promise<number> {
  const port = options.port === undefined ? null : parsePort(options.port);
  const stop = createStopSignal();
  const stage = await setStage({ port, tell: say });
  try {
    const { operator } = stage;
    say(stage.redis);
    say(`API        ${stage.url}/docs    token of the CRM: ${stage.clientToken}`);
    say(`dashboard  ${stage.url}/board   login: ${operator.name} / ${operator.password}`);
    say(`vienna     ${stage.platforms.vienna}/__state   (a stand-in for Sipwise NGCP; its calls: /__calls)`);
    say(`saopaulo   ${stage.platforms.saopaulo}/__state   (a stand-in for SIPPulse; its calls: /__calls)`);
    say(`hague      ${stage.platforms.hague}/__state   (a stand-in for NGNPro; its calls: /__calls)`);
    say(`rome       ${stage.platforms.rome}/__state   (a stand-in for a hosting web portal; its calls: /__calls)`);
    say();
    const interrupted = stop.requested.then(() => null);
    const right = await Promise.race([play(stage, randomBytes(3).toString('hex')), interrupted]);
    if (right === null) return EXIT_FAILED;
    say();
    say(right ? 'Every order ended as it should.' : 'NOT every order ended as it should.');
    if (!options.exit) {
      say('It all stays up for you to look around; Ctrl-C ends it.');
      await stop.requested;
    }
    return right ? EXIT_OK : EXIT_FAILED;
  } finally {
    await stage.close();
  }
}
