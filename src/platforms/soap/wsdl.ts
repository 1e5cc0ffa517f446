import { readFileSync } from 'node:fs';
import { WSDL } from 'soap';

/**
 * Reads WSDLs of our own, each once per process: they hold nothing of a target.
 * @param pathOf the file of a service
 */
export function createWsdlLoader(pathOf: (service: string) => string): (service: string) => Promise<WSDL> {
  const loaded = new Map<string, Promise<WSDL>>();
  return (service) => {
    let wsdl = loaded.get(service);
    if (!wsdl) {
      wsdl = parseWsdl(readFileSync(pathOf(service), 'utf8'), pathOf(service));
      loaded.set(service, wsdl);
    }
    return wsdl;
  };
}

/** @throws whatever the parser throws for a text that is no WSDL */
function parseWsdl(text: string, uri: string): Promise<WSDL> {
  return new Promise((resolve, reject) => {
    const wsdl = new WSDL(text, uri, {});
    wsdl.onReady((error?: Error | null) => (error ? reject(error) : resolve(wsdl)));
  });
}
