import type { Operation, Operations } from '../operation.ts';
import type { PortName } from '../ports.ts';
import { accountOperations } from './accounts.ts';
import { aliasOperations } from './aliases.ts';
import { balanceOperations } from './balance.ts';
import { callSettingOperations } from './call-settings.ts';
import { callOperations } from './calls.ts';
import { customerOperations } from './customers.ts';
import { dnsOperations } from './dns.ts';
import { domainOperations } from './domains.ts';
import { enumOperations } from './enum.ts';
import { networkOperations } from './network.ts';
import { peerOperations } from './peers.ts';
import { phonebookOperations } from './phonebook.ts';
import { presenceOperations } from './presence.ts';
import { pstnOperations } from './pstn.ts';
import { ratingOperations } from './rating.ts';
import { voicemailOperations } from './voicemail.ts';

const OPERATIONS: Readonly<Record<PortName, Operations>> = {
  Sip: {
    ...domainOperations,
    ...accountOperations,
    ...aliasOperations,
    ...callSettingOperations,
    ...phonebookOperations,
    ...balanceOperations,
    ...callOperations,
    ...peerOperations,
    ...pstnOperations,
  },
  Voicemail: voicemailOperations,
  Enum: enumOperations,
  Dns: dnsOperations,
  Rating: ratingOperations,
  Customer: customerOperations,
  Network: networkOperations,
  Presence: presenceOperations,
};

export const operationNamed = (port: PortName, name: string): Operation | undefined => OPERATIONS[port][name];
