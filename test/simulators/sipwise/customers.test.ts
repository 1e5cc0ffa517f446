import { describe, expect, it } from 'vitest';
import { subscriberBody, useSipwise } from './api.ts';

const { admin, reseller, customer, subscriber, simulator } = useSipwise();
const replace = (path: string, value: unknown): unknown[] => [{ op: 'replace', path, value }];

describe('customercontacts', () => {
  it('clears with null, keeps what a PUT leaves out', async () => {
    const { id } = await admin.post('/api/customercontacts/', {
      email: 'a@b.cc',
      reseller_id: '1',
      gpp9: 'k',
      bic: null,
    });
    const path = `/api/customercontacts/${id}`;
    await admin.put(path, { email: 'c@d.ee', reseller_id: 1, gpp9: null });
    expect((await admin.get(path)).json).toMatchObject({ email: 'c@d.ee', gpp9: null });
    expect(await admin.list('/api/customercontacts/?email=a@b.cc')).toEqual([]);
    expect(await admin.list('/api/customercontacts/?email=C@D.ee')).toHaveLength(1);
  });

  it('goes when unused, is marked when only terminated customers name it', async () => {
    const id = await customer('contact-marked');
    const [contact] = await admin.list('/api/customercontacts/?email=contact-marked@example.org');
    const path = `/api/customercontacts/${String(contact?.['id'])}`;
    expect((await admin.del(path)).status).toBe(423);
    await admin.patch(`/api/customers/${id}`, replace('/status', 'terminated'));
    expect((await admin.del(path)).status).toBe(204);
    expect((await admin.del(path)).status).toBe(404);
    const state = simulator().state() as { terminated: { customercontacts: { email: string }[] } };
    expect(state.terminated.customercontacts.map(({ email }) => email)).toContain('contact-marked@example.org');
    const next = await admin.post('/api/customers/', {
      status: 'active',
      type: 'sipaccount',
      contact_id: contact?.['id'],
      billing_profile_id: 1,
    });
    expect(next.message).toBe("Invalid 'contact_id'");
  });
});

describe('customers', () => {
  it('keeps what a PUT leaves out, but asks for the billing profile again', async () => {
    const id = await customer('cust-put', { max_subscribers: 3, vat_rate: 20 });
    const path = `/api/customers/${id}`;
    const { contact_id: contactId } = (await admin.get(path)).json ?? {};
    const body = { status: 'active', type: 'sipaccount', contact_id: contactId };
    expect((await admin.put(path, body)).message).toBe("Invalid 'billing_profile_id', not defined.");
    await admin.put(path, { ...body, billing_profile_id: 1, max_subscribers: null });
    expect((await admin.get(path)).json).toMatchObject({
      external_id: 'cust-put',
      max_subscribers: null,
      vat_rate: 20,
    });
  });

  it('has no type for PATCH, and names an unknown contact otherwise', async () => {
    const path = `/api/customers/${await customer('cust-patch')}`;
    expect((await admin.patch(path, replace('/type', 'pbxaccount'))).status).toBe(422);
    expect((await admin.patch(path, replace('/contact_id', 99_999))).message).toBe(
      "Invalid 'contact_id', doesn't exist",
    );
    expect((await admin.patch(path, replace('/vat_rate', 101))).text).toContain('Value must be between 0 and 100');
  });

  it('fails late on an external_id of 256 characters', async () => {
    const [contact] = await admin.list('/api/customercontacts/?email=cust-put@example.org');
    const post = (length: number) =>
      admin.post('/api/customers/', {
        status: 'active',
        type: 'sipaccount',
        contact_id: contact?.['id'],
        billing_profile_id: 1,
        external_id: 'x'.repeat(length),
      });
    expect((await post(255)).status).toBe(201);
    const long = await post(256);
    expect([long.status, long.message]).toEqual([500, 'Failed to create customer.']);
  });

  it('refuses templates, which belong to no reseller on fresh data, and takes null', async () => {
    await customer('cust-silent', { subscriber_email_template_id: null, invoice_template_id: null });
    await expect(customer('cust-template', { subscriber_email_template_id: 1 })).rejects.toThrow(
      /'subscriber_email_template_id' with value '1' does not belong to Reseller '1'/,
    );
  });

  it('accepts even a terminated one, which nothing can change', async () => {
    const id = await customer('cust-dead', { status: 'terminated' });
    expect((await admin.get(`/api/customers/${id}`)).json).toMatchObject({ status: 'terminated' });
    expect((await admin.patch(`/api/customers/${id}`, replace('/status', 'active'))).status).toBe(422);
    const put = await admin.put(`/api/customers/${id}`, { status: 'active' });
    expect(put.message).toBe('Customer is already terminated and cannot be changed.');
  });

  it('does not show the contract of a reseller', async () => {
    expect((await admin.get('/api/customers/1')).status).toBe(404);
  });
});

describe('billing profiles', () => {
  const post = (handle: string, name: string) => admin.post('/api/billingprofiles/', { handle, name, reseller_id: 1 });

  it('ends one in use; its handle is free, customers can no longer have it', async () => {
    const { id } = await post('bp_end', 'BP end');
    const held = await customer('bp-held', { billing_profile_id: id });
    expect((await admin.del(`/api/billingprofiles/${id}`)).status).toBe(204);
    expect((await admin.get(`/api/billingprofiles/${id}`)).status).toBe(404);
    await expect(customer('bp-late', { billing_profile_id: id })).rejects.toThrow(/already terminated/);
    expect((await admin.patch(`/api/customers/${held}`, replace('/external_id', 'bp-held-2'))).status).toBe(204);
    expect((await post('bp_end', 'BP end')).status).toBe(201);
  });
});

describe('domains', () => {
  it('never refuses to go, and takes its subscribers with it', async () => {
    const { id } = await admin.post('/api/domains/', { domain: 'gone domain', reseller_id: 1 });
    const owner = await customer('domain-gone');
    const own = await subscriber(owner, 'domain-gone', {
      domain: 'gone domain',
      primary_number: { cc: '43', ac: '2', sn: '100' },
    });
    expect((await admin.del(`/api/domains/${id}`)).status).toBe(204);
    expect((await admin.get(`/api/subscribers/${own}`)).status).toBe(404);
    expect(await admin.list('/api/numbers/?sn=100&ac=2')).toEqual([]);
  });
});

describe('resellers', () => {
  it('keeps foreign things from a reseller: 404, and a masked failure', async () => {
    const systemContact = await admin.post('/api/systemcontacts/', { email: 'r2@example.org' });
    const contract = await admin.post('/api/contracts/', {
      contact_id: systemContact.id,
      status: 'active',
      type: 'reseller',
      billing_profile_id: 1,
    });
    const second = await admin.post('/api/resellers/', { contract_id: contract.id, name: 'second', status: 'active' });
    expect(second.status).toBe(201);
    const foreign = await admin.post('/api/customercontacts/', { email: 'r2@example.org', reseller_id: second.id });
    expect((await admin.get(`/api/customercontacts/${foreign.id}`)).status).toBe(200);
    expect((await reseller.get(`/api/customercontacts/${foreign.id}`)).status).toBe(404);
    expect(await reseller.list('/api/customercontacts/?email=r2@example.org')).toEqual([]);

    const body = { status: 'active', type: 'sipaccount', contact_id: foreign.id, billing_profile_id: 1 };
    expect((await reseller.post('/api/customers/', body)).message).toBe('Failed to create customer.');
    expect((await admin.post('/api/customers/', body)).message).toBe(
      "The reseller of the contact doesn't match the reseller of the billing profile (Default Billing Profile).",
    );
    const profile = await admin.post('/api/billingprofiles/', { handle: 'bp2', name: 'BP2', reseller_id: second.id });
    const owner = await admin.post('/api/customers/', { ...body, billing_profile_id: profile.id });
    expect((await admin.post('/api/subscribers/', subscriberBody(owner.id, 'foreign'))).message).toBe(
      "Invalid 'domain', doesn't belong to the same reseller as subscriber's customer.",
    );

    const end = await admin.patch(`/api/resellers/${second.id}`, replace('/status', 'terminated'));
    expect(end.status).toBe(204);
    expect((await admin.get(`/api/customers/${owner.id}`)).json).toMatchObject({ status: 'terminated' });
    expect((await admin.get('/api/resellers/?status=active')).json).toMatchObject({ total_count: 1 });
  });

  it('replaces and hides the reseller id of a reseller', async () => {
    const { id } = await reseller.post('/api/customercontacts/', { email: 'own@example.org', reseller_id: 77 });
    expect((await reseller.get(`/api/customercontacts/${id}`)).json).not.toHaveProperty('reseller_id');
    expect((await admin.get(`/api/customercontacts/${id}`)).json).toMatchObject({ reseller_id: 1 });
  });

  it('are for administrators only', async () => {
    const reply = await reseller.get('/api/resellers/');
    expect([reply.status, reply.message]).toEqual([403, 'Invalid user']);
  });
});
