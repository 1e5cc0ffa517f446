import type { HttpClient } from '../../../http-client/index.ts';
import type { CallHooks } from '../../port.ts';
import { readSurface, type Surface } from '../../soap/surface.ts';
import { NgnproRefusal } from '../fault.ts';

/**
 * Asks the platform for its own WSDL, which has all ports in one file (ngnpro.md, "Sources and standing").
 * @returns null where it shows none that can be read
 * @throws TurnupError when the target cannot be asked at all
 */
export async function fetchLiveSurface(http: HttpClient, path: string, hooks: CallHooks): Promise<Surface | null> {
  const { status, text } = await http.request({
    method: 'GET',
    path,
    headers: { accept: 'text/xml' },
    write: false,
    hooks,
    as: { method: 'wsdl', object: 'NGNPro' },
  });
  if (status === 429 || status >= 502) {
    const call = { port: 'NGNPro', operation: 'wsdl', write: false, step: hooks.step, secrets: [] };
    throw new NgnproRefusal(call, { status, text: '' });
  }
  const isWsdl = status === 200 && /<(?:[\w.-]+:)?definitions[\s>]/.test(text.slice(0, 4000));
  const surface = isWsdl ? readSurface(text) : null;
  return surface && surface.operations.size > 0 ? surface : null;
}
