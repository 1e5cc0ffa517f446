import { checkAdministrator, type Operations } from '../operation.ts';

/** JSON strings of this stand-in's own form: what is in them is not public. For the administrator only: assumed. */
export const networkOperations: Operations = {
  getStatistics(_args, context) {
    checkAdministrator(context);
    const { accounts, domains } = context.state;
    return JSON.stringify({ accounts: accounts.size, domains: domains.size, online_users: 0, sessions: 0 });
  },

  getStatus(_args, context) {
    checkAdministrator(context);
    return JSON.stringify({ nodes: [{ ip: '192.0.2.10', roles: ['sip_proxy', 'provisioning_server'] }] });
  },
};
