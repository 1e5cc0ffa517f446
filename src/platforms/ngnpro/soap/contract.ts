import { TurnupError } from '../../../errors/index.ts';
import { ownSurface, type PortName } from './ports.ts';

/** A part of a message or a member of a type. */
export interface Member {
  readonly name: string;
  /** Name of the type, without its prefix: `string`, `SipAccount`, `StringArray`. */
  readonly type: string;
}

export interface OperationShape {
  readonly parts: readonly Member[];
  /** Type of what is answered; null where nothing is. */
  readonly answer: string | null;
}

/** What our WSDL of one port says of types and operations: by it requests are written and answers are read. */
export interface Contract {
  /** @throws TurnupError `TURNUP_TARGET_UNEXPECTED` for an operation that the port does not have */
  operation(name: string): OperationShape;
  /** Members of a struct; null for a simple type, a list or an unknown one. */
  struct(type: string): readonly Member[] | null;
  /** Type of the elements of a list; null for what is no list. */
  listOf(type: string): string | null;
}

/** A list is a type of one member `item` that may repeat (SOAP section 5, as our WSDLs write it). */
const LIST_MEMBER = /^item:(.+)\*$/;

function readMember(text: string): Member {
  const at = text.lastIndexOf(':');
  return { name: text.slice(0, at), type: text.slice(at + 1) };
}

const contracts = new Map<PortName, Contract>();

export function contractOf(port: PortName): Contract {
  let contract = contracts.get(port);
  if (!contract) {
    contract = readContract(port);
    contracts.set(port, contract);
  }
  return contract;
}

function readContract(port: PortName): Contract {
  const { operations, messages, types } = ownSurface(port);
  const shapes = new Map<string, OperationShape>();
  for (const name of operations) {
    const [answer] = messages.get(`${name}Response`) ?? [];
    shapes.set(name, {
      parts: (messages.get(name) ?? []).map(readMember),
      answer: answer === undefined ? null : readMember(answer).type,
    });
  }
  const lists = new Map<string, string>();
  const structs = new Map<string, readonly Member[]>();
  for (const [type, members] of types) {
    const element = members.length === 1 ? LIST_MEMBER.exec(members[0] ?? '')?.[1] : undefined;
    if (element === undefined) structs.set(type, members.map(readMember));
    else lists.set(type, element);
  }
  return {
    operation(name) {
      const shape = shapes.get(name);
      if (!shape) throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: `${port} has no ${name}` });
      return shape;
    },
    struct: (type) => structs.get(type) ?? null,
    listOf: (type) => lists.get(type) ?? null,
  };
}
