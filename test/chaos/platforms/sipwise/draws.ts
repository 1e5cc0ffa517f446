import type { ForwardOrder } from '../../orders.ts';
import type { Random } from '../../random.ts';

/** Draws what orders say of subscribers, whoever they are. */
export function createDraws(random: Random) {
  function forwards(): Record<string, ForwardOrder> {
    const voicemail = { to: 'voicemail', timeout: random.int(100, 300) };
    const number = { to: `+43664${random.int(1_000_000, 9_999_999)}`, timeout: random.int(5, 60) };
    const all: Record<string, ForwardOrder> = {
      unconditional: { destinations: [voicemail] },
      busy: { destinations: [number, voicemail] },
      noAnswer: { ringTimeout: random.int(5, 60), destinations: [{ to: 'sip:desk@other.example.com', timeout: 30 }] },
      unregistered: { destinations: [number], times: [{ days: ['mon', 'fri'], from: '08:00', to: '17:30' }] },
    };
    return Object.fromEntries(Object.entries(all).filter(() => random.chance(0.45)));
  }

  function preferences(): Record<string, unknown> {
    const all = {
      block_in_clir: random.chance(0.5),
      block_in_list: [`4366${random.int(1000, 9999)}`, '431*'],
      block_out_list: [`4390${random.int(1000, 9999)}`],
      concurrent_max: random.int(1, 9),
    };
    return Object.fromEntries(Object.entries(all).filter(() => random.chance(0.5)));
  }

  return { forwards, preferences };
}
