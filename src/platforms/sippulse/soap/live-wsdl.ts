import type { HttpClient } from '../../../http-client/index.ts';
import type { CallHooks } from '../../port.ts';
import { SippulseRefusal } from '../fault.ts';
import { pathsOf } from './names.ts';
import type { ServiceName } from './wsdl.ts';
import { readSurface, type Surface } from '../../soap/surface.ts';

/** A service as the server itself describes it. */
export interface LiveService {
  /** The last part of its address. */
  readonly path: string;
  readonly surface: Surface;
}

/**
 * Asks the server for its own WSDL of a service, under all paths it may have.
 * @returns null where the server has none that can be read; nor can one whose operations are in a file it imports, which
 * would otherwise look like a service that offers nothing
 * @throws TurnupError when the target cannot be asked at all
 */
export async function fetchLiveService(
  http: HttpClient,
  headers: Readonly<Record<string, string>>,
  service: ServiceName,
  hooks: CallHooks,
): Promise<LiveService | null> {
  for (const path of pathsOf(service)) {
    const response = await http.request({
      method: 'GET',
      path: `/${path}?wsdl`,
      headers: { accept: 'text/xml', ...headers },
      write: false,
      hooks,
      as: { method: 'wsdl', object: service },
    });
    const { status, text } = response;
    const isWsdl = status === 200 && /<(?:[\w.-]+:)?definitions[\s>]/.test(text.slice(0, 4000));
    const surface = isWsdl ? readSurface(text) : null;
    if (surface && surface.operations.size > 0) return { path, surface };
    if (status === 401 || status === 403 || status === 429 || status >= 502) {
      throw new SippulseRefusal(
        { service, operation: 'wsdl', write: false, step: hooks.step, secrets: [] },
        { status, text: '' },
      );
    }
  }
  return null;
}
