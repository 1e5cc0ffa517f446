import type { Operation, Operations } from '../operation.ts';
import type { PortName } from '../ports.ts';
import { accountOperations } from './accounts.ts';
import { aliasOperations } from './aliases.ts';
import { callSettingOperations } from './call-settings.ts';
import { customerOperations } from './customers.ts';
import { domainOperations } from './domains.ts';
import { enumOperations } from './enum.ts';
import { voicemailOperations } from './voicemail.ts';

const OPERATIONS: Readonly<Record<PortName, Operations>> = {
  Sip: { ...domainOperations, ...accountOperations, ...aliasOperations, ...callSettingOperations },
  Voicemail: voicemailOperations,
  Enum: enumOperations,
  Dns: {},
  Rating: {},
  Customer: customerOperations,
  Network: {},
  Presence: {},
};

export const operationNamed = (port: PortName, name: string): Operation | undefined => OPERATIONS[port][name];
