import type { Hono } from 'hono';
import { apiWorld } from '../api/api-world.ts';
import { registered } from '../fakes/operations.ts';
import { STRATEGY } from '../fakes/world.ts';

/** A strategy whose log is written by the real rules and read through the real API: what the ledger commands talk to. */
export async function realLedger() {
  const { send, ...api } = apiWorld();
  const made = await registered({ ...api, ports: { ...api.ports, elapsedMs: () => 0 } });
  const serve = (app: Hono) => {
    app.get('/v1/ledger/:log', ({ req }) => send('ledger', pathOf(req.url), { as: 'auditor' }));
    app.get('/v1/strategies', (c) => c.json({ strategies: [{ ...A_VIEW, id: STRATEGY }] }));
  };
  return { made, serve };
}

const pathOf = (url: string) => url.slice(new URL(url).origin.length);

const A_VIEW = {
  ...{ desk: 'crypto', environment: 'prod', mode: 'OFF', epoch: 0, tradingAllowed: false, whyNot: [], leases: [] },
  ...{ flag: { live: false, version: 1 }, maxOrdersPerSec: 0, openApprovals: [], ledger: { size: 2, root: '00' } },
};
