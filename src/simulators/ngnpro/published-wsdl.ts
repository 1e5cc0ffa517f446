import type { Port } from './ports.ts';

/*
 * The service publishes its ports in one file (ngnpro.md, "Files here"), in which the messages of equal names have the
 * name of their port before them. Made of the one-port files, so that there is one place to mend.
 */

const COMPLEX_TYPE = / *<xsd:complexType name="([^"]+)">[\s\S]*?<\/xsd:complexType>\n/g;
const MESSAGE = / *<wsdl:message name="([^"]+)">[\s\S]*?<\/wsdl:message>\n/g;
const BINDING = / *<wsdl:binding [\s\S]*?<\/wsdl:binding>\n/;
const PORT_TYPE = / *<wsdl:portType [\s\S]*?<\/wsdl:portType>\n/;
/** Of every port, so they keep their names. */
const SHARED_MESSAGES = new Set(['authHeader', 'exception']);

const section = (pattern: RegExp, wsdl: string): string => pattern.exec(wsdl)?.[0] ?? '';

/** The WSDL of one port without what this server lacks of it. */
function withoutOperations({ name: port, wsdl }: Port, without: readonly string[]): string {
  const doomed = without.filter((one) => one.startsWith(`${port}.`)).map((one) => one.slice(port.length + 1));
  return doomed.reduce(
    (text, name) =>
      text
        .replaceAll(
          new RegExp(String.raw` *<wsdl:message name="${name}(?:Response)?">[\s\S]*?</wsdl:message>\n`, 'g'),
          '',
        )
        .replaceAll(new RegExp(String.raw` *<wsdl:operation name="${name}">[\s\S]*?</wsdl:operation>\n`, 'g'), ''),
    wsdl,
  );
}

/** `addAccount` and `addAccountResponse` become `Sip_addAccountRequest` and `Sip_addAccountResponse`. */
function renamed(port: Port, name: string): string {
  if (SHARED_MESSAGES.has(name)) return name;
  return `${port.name}_${port.operations.has(name) ? `${name}Request` : name}`;
}

const address = (port: Port, origin: string): string =>
  `    <wsdl:port name="${port.name}Port" binding="tns:${port.name}Binding">\n` +
  `      <soap:address location="${origin}/ngnpro${port.name === 'Voicemail' ? '/voicemail' : ''}"/>\n` +
  '    </wsdl:port>\n';

/**
 * @param ports those of the service: the presence port is one of another
 * @param origin scheme, host and port that the addresses in it lead to
 */
export function publishedWsdl(ports: readonly Port[], without: readonly string[], origin: string): string {
  const files = ports.map((port) => ({ port, wsdl: withoutOperations(port, without) }));
  const types = new Map<string, string>();
  const messages = new Map<string, string>();
  for (const { port, wsdl } of files) {
    for (const [whole, name = ''] of wsdl.matchAll(COMPLEX_TYPE)) types.set(name, whole);
    for (const [whole, name = ''] of wsdl.matchAll(MESSAGE)) {
      const made = renamed(port, name);
      messages.set(made, whole.replace(`name="${name}"`, `name="${made}"`));
    }
  }
  const portTypes = files.map(({ port, wsdl }) =>
    section(PORT_TYPE, wsdl).replaceAll(
      /message="tns:([^"]+)"/g,
      (_whole, name: string) => `message="tns:${renamed(port, name)}"`,
    ),
  );
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<wsdl:definitions name="NGNPro" targetNamespace="urn:AGProjects:NGNPro"\n' +
    '    xmlns:tns="urn:AGProjects:NGNPro" xmlns:ngnpro="urn:AGProjects:NGNPro"\n' +
    '    xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"\n' +
    '    xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema">\n' +
    '  <wsdl:types>\n    <xsd:schema targetNamespace="urn:AGProjects:NGNPro" elementFormDefault="unqualified">\n' +
    '      <xsd:import namespace="http://schemas.xmlsoap.org/soap/encoding/"/>\n' +
    `${[...types.values()].join('')}    </xsd:schema>\n  </wsdl:types>\n` +
    `${[...messages.values()].join('')}${portTypes.join('')}` +
    files.map(({ wsdl }) => section(BINDING, wsdl)).join('') +
    `  <wsdl:service name="NGNPro">\n${ports.map((port) => address(port, origin)).join('')}  </wsdl:service>\n` +
    '</wsdl:definitions>\n'
  );
}
