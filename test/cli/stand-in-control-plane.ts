import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { canonicalJson } from '../../domain/ledger/canonical-json.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { leafHash, rootOf } from '../../domain/ledger/merkle.ts';
import { aShownPlan } from './a-plan.ts';

const AT = '2026-11-23T14:05:09.000Z';
const receipt = { log: 'btc-momentum', index: 3, leafHash: 'ab'.repeat(32) };
const run = 'launch-btc-momentum-20261123-0123456789ab';

export type StandIn = {
  url: string;
  app: Hono;
  requests: {
    method: string;
    path: string;
    key: string | undefined;
    authorization: string | undefined;
    body: unknown;
  }[];
  close(): Promise<void>;
};

/** Answers in the shapes of the HTTP API, for unit tests of the command line only; routes added first win. */
export async function standInControlPlane(routes: (app: Hono) => void = () => {}): Promise<StandIn> {
  const app = new Hono();
  const requests: StandIn['requests'] = [];
  app.use(async ({ req }, next) => {
    const text = await req.text();
    const url = new URL(req.url);
    requests.push({
      method: req.method,
      path: url.pathname + url.search,
      key: req.header('idempotency-key'),
      authorization: req.header('authorization'),
      body: text ? JSON.parse(text) : undefined,
    });
    await next();
  });
  routes(app);
  defaults(app);
  const { server, port } = await listening(app);
  return {
    url: `http://127.0.0.1:${port}`,
    app,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

function listening(app: Hono): Promise<{ server: ReturnType<typeof serve>; port: number }> {
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }: AddressInfo) =>
      resolve({ server, port }),
    );
  });
}

function defaults(app: Hono): void {
  app.post('/v1/strategies/:id/plans', (c) => c.json(aShownPlan()));
  app.post('/v1/strategies/:id/launches', (c) =>
    c.json(
      { runId: run, execution: run, mode: 'LAUNCHING', epoch: 1, summary: 'launching btc-momentum', receipt },
      202,
    ),
  );
  app.post('/v1/strategies/:id/stops', (c) =>
    c.json(
      {
        runId: null,
        execution: null,
        mode: 'OFF',
        epoch: 1,
        summary: 'btc-momentum is off already: nothing to stop',
        receipt,
      },
      202,
    ),
  );
  app.post('/v1/strategies/:id/kills', (c) => c.json(aKill(), 202));
  app.post('/v1/kills', (c) => c.json(aScopeKill(), 202));
  app.get('/v1/strategies', (c) => c.json({ strategies: [aStrategy()] }));
  app.get('/v1/strategies/:id', (c) => c.json(aStrategy({ id: c.req.param('id') })));
  app.get('/v1/approvals', (c) => c.json({ approvals: [anApproval()] }));
  app.get('/v1/approvals/:id', (c) => c.json(anApproval()));
  app.get('/v1/approvals/:id/signing-options', (c) =>
    c.json({ origin: 'http://localhost:4510', options: { challenge: 'Y2hhbGxlbmdl', rpId: 'localhost' } }),
  );
  app.get('/v1/runs', (c) => c.json({ runs: [aRun()] }));
  app.get('/v1/runs/:id', (c) => c.json(aRun()));
  app.get('/v1/health', (c) => c.json({ status: 'ok', checks: [{ check: 'store', status: 'ok', detail: 'answers' }] }));
}

export const problem = (status: number, code: string, detail: string, next = 'do this next') =>
  new Response(JSON.stringify({ type: `about:blank#${code}`, title: code, status, detail, code, next, facts: {} }), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });

export const aKill = (more = {}) => ({
  ...{ runId: 'kill-btc-momentum-20261123-0123456789ab', mode: 'KILLED', epoch: 7, status: 'halted', latched: true },
  instances: [{ instanceId: 'btc-momentum-1', status: 'halted', haltedAt: AT }],
  ...{ leaseBoundMs: 5000, summary: 'btc-momentum is killed', wayBack: 'have it confirmed by another person', receipt },
  ...more,
});

export const aScopeKill = (more = {}) => ({
  ...{ scope: 'all', latched: true, complete: true, leaseBoundMs: 5000, summary: 'all is latched', receipt },
  strategies: [killedMember('btc-momentum'), killedMember('eurusd-carry')],
  wayBack: 'have every kill confirmed by another person',
  ...more,
});
export const killedMember = (strategyId: string, more = {}) => ({
  ...{ strategyId, status: 'halted', latched: true, spooled: false },
  instances: [{ instanceId: `${strategyId}-1`, status: 'halted', haltedAt: AT }],
  ...more,
});

const document = { action: 'launch', strategy: 'btc-momentum', ticket: 'CHG-1' };
export const anApproval = (more = {}) => ({
  ...{
    id: `${run}-launch-confirmation`,
    kind: 'launch-confirmation',
    strategyId: 'btc-momentum',
    runId: run,
    epoch: 1,
  },
  ...{
    document,
    digest: digestOf(document),
    requiredRoles: ['execution-trader', 'risk-officer'],
    signatures: [],
    status: 'open',
  },
  ...{ openedAt: AT, expiresAt: '2026-11-23T14:35:09.000Z' },
  ...more,
});

export const aRun = (more = {}) => ({
  ...{
    id: run,
    machine: 'launch',
    strategyId: 'btc-momentum',
    status: 'RUNNING',
    startedAt: AT,
    requestedBy: 'subject-1',
    summary: 'launching',
  },
  steps: [
    { name: 'Open run', status: 'succeeded', startedAt: AT, endedAt: AT, durationMs: 12, summary: 'announced' },
    { name: 'Ask for two confirmations', status: 'running', startedAt: AT },
  ],
  evidence: [],
  ...more,
});

export const aStrategy = (more = {}) => ({
  ...{
    id: 'btc-momentum',
    desk: 'crypto',
    venues: ['XSIM'],
    primaryVenue: 'XSIM',
    environment: 'prod',
    mode: 'OFF',
    epoch: 1,
    version: 2,
  },
  ...{
    tradingAllowed: false,
    whyNot: ['the mode is OFF', 'live.enabled is off'],
    flag: { live: false, version: 1 },
    run: null,
    lock: null,
    latch: null,
  },
  ...{
    maxOrdersPerSec: 5,
    artifactDigest: null,
    limitsDigest: null,
    openApprovals: [],
    ledger: { size: 2, root: '00' },
  },
  leases: [
    {
      instanceId: 'btc-momentum-1',
      expiresAt: AT,
      ageMs: 420,
      mode: 'SAFE',
      openOrders: 0,
      positions: [],
      pnl: { realised: 1, unrealised: 2, currency: 'USD' },
    },
  ],
  ...more,
});

/** A log of so many entries, hashed as the ledger does. */
export function aLog(log: string, size: number) {
  const entries = Array.from({ length: size }, (_, seq) => {
    const entry = {
      v: 1,
      log,
      seq,
      at: AT,
      type: 'strategy.registered',
      actor: 'service:test',
      payload: { seq },
      proofs: [],
    };
    return { index: seq, leafHash: leafHash(canonicalJson(entry)), entry };
  });
  return { log, size, root: rootOf(entries.map((each) => each.leafHash)), entries };
}
