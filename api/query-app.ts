import { type Context, Hono } from 'hono';
import { readStrategy } from '../domain/change.ts';
import { coveringLatches } from '../domain/kill/covering-latches.ts';
import { readExposure } from '../domain/kill/read-exposure.ts';
import { readKillCertificate } from '../domain/kill/read-kill-certificate.ts';
import { readKillEvents } from '../domain/kill/read-kill-events.ts';
import { leaseId } from '../domain/lease/lease.ts';
import { changedOf } from '../domain/plan/bound-plan.ts';
import { readFiledPostMortem } from '../domain/post-mortem/read-filed-post-mortem.ts';
import { Refusal } from '../domain/refusal.ts';
import { reportsOf } from '../domain/run-name.ts';
import type { Strategy } from '../domain/strategy.ts';
import { apiDocuments } from './api-documents.ts';
import { handle, READING } from './control-api.ts';
import { listDevices, listEngines } from './device-lists.ts';
import { planRoutes } from './launch/plan-routes.ts';
import { ofrepRoutes } from './ofrep-routes.ts';
import { notFound, problem } from './problem.ts';
import type { QueryPorts } from './query-ports.ts';
import { readQuery } from './read-query.ts';
import { strategyIn } from './strategy-in.ts';
import { approvalView } from './views/approval-view.ts';
import { calendarView } from './views/calendar-view.ts';
import { DeliveriesQuery, deliveriesView } from './views/deliveries-view.ts';
import { runSteps } from './views/run-steps.ts';
import { strategyView } from './views/strategy-view.ts';

const HISTORY_EVENTS = 1_000;

/** Everything that only looks, but for the ledgers. */
export function queryApp(ports: QueryPorts): Hono {
  const app = new Hono();
  const get = (path: string, read: (context: Context) => Promise<object>) =>
    app.get(path, (context) => handle(context, ports, READING, async () => context.json(await read(context), 200)));

  get('/v1/strategies', async () => ({
    strategies: await Promise.all((await ports.strategies.list()).map((state) => viewStrategy(state, ports))),
  }));
  get('/v1/strategies/:id', async (context) => {
    const state = await readStrategy(strategyIn(param(context, 'id')), ports);
    return { ...(await viewStrategy(state, ports)), exposure: await readExposure(state, ports) };
  });
  get('/v1/approvals', async () => ({
    approvals: (await ports.records.list('APPROVAL')).map((approval) => approvalView(approval, ports.now())),
  }));
  get('/v1/approvals/:id', (context) => viewApproval(param(context, 'id'), ports));
  get('/v1/runs', async (context) => ({ runs: await listRuns(context.req.query('strategy'), ports) }));
  get('/v1/runs/:id', (context) => viewRun(param(context, 'id'), ports));
  get('/v1/runs/:id/kill-certificate', (context) => readKillCertificate(param(context, 'id'), ports));
  get('/v1/runs/:id/post-mortem', (context) => readFiledPostMortem(param(context, 'id'), ports));
  get('/v1/executions', async () => ({
    executions: (await listRuns(undefined, ports)).map(({ id, machine, status, startedAt, endedAt }) => ({
      name: id,
      machine,
      status,
      startedAt,
      endedAt,
    })),
  }));
  get('/v1/executions/:name/history', (context) =>
    viewHistory(param(context, 'name'), context.req.query('nextToken'), ports),
  );
  get('/v1/drills', async () => ({ drills: await ports.records.list('DRILL') }));
  get('/v1/devices', () => listDevices(ports));
  get('/v1/engines', () => listEngines(ports));
  get('/v1/calendar', async (context) => ({ halts: await listHalts(context.req.query('strategy'), ports) }));
  get('/v1/deliveries', async (context) => ({
    deliveries: await deliveriesView(readQuery(context.req.queries(), DeliveriesQuery, 'deliveries'), ports),
  }));
  get('/v1/kill-events', async () => ({ events: await readKillEvents(ports) }));

  planRoutes(app, ports);
  ofrepRoutes(app, ports, async (id) => viewStrategy(await readStrategy(id, ports), ports));
  app.get('/openapi.json', async (context) => context.json((await apiDocuments()).openApi));
  app.get('/docs', async (context) => context.html((await apiDocuments()).page));
  app.notFound((context) => problem(notFound(context.req.path)));
  return app;
}

const param = (context: Context, name: string): string => context.req.param(name) ?? '';

async function viewStrategy(state: Strategy, ports: QueryPorts) {
  const registration = await ports.records.get('REGISTRATION', state.id);
  if (!registration)
    throw new Refusal('UnknownStrategy', `${state.id} is not registered`, 'deploy the configuration again');
  const [flag, leases, latches, approvals, calendar, drain] = await Promise.all([
    ports.flags.read(registration.flag, state.flagVersion),
    Promise.all(
      registration.engines.map(({ instanceId }) => ports.records.get('LEASE', leaseId(state.id, instanceId))),
    ),
    coveringLatches(registration, ports),
    ports.records.list('APPROVAL'),
    ports.records.get('PLANNEDHALT', state.id),
    ports.records.get('DRAIN', state.id),
  ]);
  return strategyView(state, {
    registration,
    flag,
    leases: leases.filter((lease) => lease !== undefined),
    latches,
    approvals,
    calendar,
    drain,
    now: ports.now(),
  });
}

async function listHalts(strategy: string | undefined, { records }: QueryPorts) {
  const calendars = await records.all('PLANNEDHALT');
  const asked = calendars.filter(({ id }) => strategy === undefined || id === strategy);
  const viewed = asked.map(async (calendar) => {
    const registration = await records.get('REGISTRATION', calendar.id);
    const venue = registration?.primaryVenue ?? 'unknown';
    const stored = await records.get('CALENDAR', venue);
    return calendarView(calendar, { venue, calendar: stored?.calendar });
  });
  return (await Promise.all(viewed)).flat();
}

async function viewApproval(id: string, ports: QueryPorts) {
  const approval = await ports.records.get('APPROVAL', id);
  if (!approval)
    throw new Refusal('UnknownApproval', `there is no question ${id.slice(0, 100)}`, 'look at the list of approvals');
  return approvalView(
    approval,
    ports.now(),
    await changedOf(approval, { records: ports.records, planNow: (id) => ports.plans.now(id) }),
  );
}

async function listRuns(strategy: string | undefined, ports: QueryPorts) {
  const runs = await ports.records.list('RUN');
  return runs.filter(({ strategyId }) => strategy === undefined || strategyId === strategy);
}

async function viewRun(id: string, ports: QueryPorts) {
  const run = await ports.records.get('RUN', id);
  if (!run) throw new Refusal('UnknownRun', `there is no run ${id.slice(0, 100)}`, 'look at the list of runs');
  const [history, evidence] = await Promise.all([
    ports.executions.history(run.machine, run.id, { limit: HISTORY_EVENTS }),
    ports.evidence.list(`${reportsOf(run.strategyId, run.id, run.startedAt)}/`),
  ]);
  return { ...run, steps: runSteps(history?.events ?? []), evidence };
}

async function viewHistory(name: string, nextToken: string | undefined, ports: QueryPorts) {
  const run = await ports.records.get('RUN', name);
  const page = run && (await ports.executions.history(run.machine, run.id, { nextToken, limit: HISTORY_EVENTS }));
  if (!page)
    throw new Refusal('UnknownRun', `there is no execution ${name.slice(0, 100)}`, 'look at the list of executions');
  return page;
}
