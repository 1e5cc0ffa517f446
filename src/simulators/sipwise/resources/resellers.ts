import { fold } from '../collation.ts';
import { defineResource } from '../define-resource.ts';
import { fieldDocs } from '../field-docs.ts';
import { readForm, type Field } from '../form.ts';
import { endReseller } from '../lifecycle.ts';
import { oneOfFilter } from '../listing.ts';
import { NARROW_OPS } from '../patch.ts';
import { invalid, type JsonObject } from '../refusal.ts';
import type { Context, Resource } from '../resource.ts';
import type { ContractRow, ResellerRow } from '../rows.ts';

const STATUS: Field = {
  name: 'status',
  label: 'Status',
  kind: 'choice',
  required: true,
  options: ['active', 'locked', 'terminated'],
};
const RESELLER_FIELDS: readonly Field[] = [
  { name: 'contract_id', label: 'Contract id', kind: 'integer', required: true },
  { name: 'name', label: 'Name', kind: 'text', required: true, max: 63 },
  STATUS,
];

/** sipwise-ngcp.md §8.10. */
function readReseller(input: JsonObject, { state }: Context, self: ResellerRow | null): Omit<ResellerRow, 'id'> {
  const values = readForm(RESELLER_FIELDS, input);
  const contractId = Number(values['contract_id']);
  const name = String(values['name']);
  const others = [...state.resellers.values()].filter((other) => other !== self);
  if (others.some((other) => other.contract_id === contractId)) {
    throw invalid("Invalid 'contract_id', reseller with this contract already exists");
  }
  const namesakes = others.filter((other) => fold(other.name) === fold(name));
  if (namesakes.some((other) => other.status !== 'terminated')) {
    throw invalid("Invalid 'name', reseller with this name already exists");
  }
  if (state.customers.has(contractId)) throw invalid("Invalid 'contract_id' linking to a customer contact");
  if (!state.contracts.has(contractId)) throw invalid("Invalid 'contract_id'.");
  // A terminated namesake steps aside.
  for (const other of namesakes) other.name = `old_${other.id}_${other.name}`;
  return { contract_id: contractId, name, status: String(values['status']) };
}

function write(reseller: ResellerRow, changes: Omit<ResellerRow, 'id'>, { state, now }: Context): void {
  const ends = changes.status === 'terminated' && reseller.status !== 'terminated';
  Object.assign(reseller, changes);
  if (ends) endReseller(state, reseller, now);
}

const representReseller = (reseller: ResellerRow): JsonObject => ({ ...reseller });

export const resellers: Resource = defineResource<ResellerRow>({
  name: 'resellers',
  entity: 'reseller',
  adminOnly: true,
  collectionMethods: ['GET', 'POST'],
  itemMethods: ['GET', 'PUT', 'PATCH'],
  fields: fieldDocs(RESELLER_FIELDS),
  sortable: ['id', 'contract_id', 'name', 'status'],
  filters: {
    name: { kind: 'wildcard', column: (reseller) => reseller.name },
    status: oneOfFilter((reseller: ResellerRow) => reseller.status),
  },
  table: (state) => state.resellers,
  resellerOf: (reseller) => reseller.id,
  represent: representReseller,
  links: (reseller) => ({ contracts: `/api/contracts/${reseller.contract_id}` }),
  create(input, context) {
    const changes = readReseller(input, context, null);
    const reseller: ResellerRow = { id: context.state.nextId('resellers'), ...changes };
    context.state.resellers.set(reseller.id, reseller);
    return reseller;
  },
  replace(reseller, input, context) {
    write(reseller, readReseller(input, context, reseller), context);
  },
  patch: {
    ops: NARROW_OPS,
    view: representReseller,
    apply(reseller, patched, context) {
      write(reseller, readReseller(patched, context, reseller), context);
    },
  },
});

const CONTRACT_FIELDS: readonly Field[] = [
  { ...STATUS, options: ['active', 'pending', 'locked', 'terminated'] },
  { name: 'contact_id', label: 'Contact id', kind: 'integer', required: true },
  { name: 'type', label: 'Type', kind: 'choice', required: true, options: ['sippeering', 'reseller'] },
  { name: 'billing_profile_id', kind: 'integer' },
  { name: 'external_id', kind: 'text', max: 255 },
];

/** Just enough of the contracts to make a further reseller. */
export const contracts: Resource = defineResource<ContractRow>({
  name: 'contracts',
  entity: 'contract',
  adminOnly: true,
  collectionMethods: ['GET', 'POST'],
  itemMethods: ['GET'],
  fields: fieldDocs(CONTRACT_FIELDS),
  sortable: ['id', 'contact_id', 'status', 'external_id'],
  filters: {
    contact_id: { kind: 'plain', column: (contract) => contract.contact_id },
    status: oneOfFilter((contract: ContractRow) => contract.status),
  },
  table: (state) => state.contracts,
  resellerOf: () => null,
  represent: (contract) => ({ ...contract }),
  create(input, { state }) {
    const values = readForm(CONTRACT_FIELDS, input);
    const contactId = Number(values['contact_id']);
    if (!state.systemContacts.has(contactId)) throw invalid("Invalid 'contact_id'");
    const contract: ContractRow = {
      id: state.nextId('contracts'),
      contact_id: contactId,
      status: String(values['status']),
      type: String(values['type']),
      billing_profile_id: values['billing_profile_id'] === undefined ? null : Number(values['billing_profile_id']),
      external_id: values['external_id'] === undefined ? null : String(values['external_id']),
    };
    state.contracts.set(contract.id, contract);
    return contract;
  },
});
