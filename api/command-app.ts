import { type Context, Hono } from 'hono';
import type { Role } from '../domain/approval/approval.ts';
import type { Caller } from '../domain/approval/caller.ts';
import { ChannelTestRequest } from '../domain/communications/channel-test-request.ts';
import { testChannel } from '../domain/communications/test-channel.ts';
import { DrillRequest } from '../domain/drill/drill-request.ts';
import { openDrill } from '../domain/drill/open-drill.ts';
import { IncidentUpdate } from '../domain/kill/incident-update.ts';
import { updateIncident } from '../domain/kill/update-incident.ts';
import type { Ports } from '../domain/ports/ports.ts';
import { settleAlone } from '../domain/stop/settle-alone.ts';
import { commandKey, handle, type Permission, type RequestPorts } from './control-api.ts';
import { type DevicePorts, deviceRoutes } from './device-routes.ts';
import { ladderRoutes } from './ladder-routes.ts';
import { operating } from './operating.ts';
import { notFound, problem } from './problem.ts';
import { readBody } from './read-body.ts';
import { safeModeRoutes } from './safe-mode-routes.ts';
import { stopRoutes } from './stop-routes.ts';
import { strategyIn } from './strategy-in.ts';

/** What commands take: everything that changes, commands engines or asks venues, and no flag and no evidence. */
export type CommandPorts = RequestPorts &
  Pick<Ports, 'strategies' | 'records' | 'executions' | 'engines' | 'venues' | 'jitter'> &
  Pick<DevicePorts, 'ledger' | 'shipDeviceKey'>;

type Act = (context: Context, caller: Caller, ports: CommandPorts) => Promise<Response>;

/** Those who may kill. */
const MAY_DRILL: readonly Role[] = ['execution-trader', 'risk-officer', 'quant', 'sre'];

/** Commands on a strategy that trades or may: stops, settlements, incidents, drills; and devices. */
export function commandApp(ports: CommandPorts): Hono {
  const app = new Hono();
  const post = (path: string, permission: Permission, act: Act) =>
    app.post(path, (context) => handle(context, ports, permission, (caller) => act(context, caller, ports)));

  post('/v1/strategies/:id/settlements', operating(['execution-trader', 'sre'], 'a settlement'), settle);
  post(
    '/v1/strategies/:id/incident',
    operating(['execution-trader', 'risk-officer', 'sre'], 'an incident update'),
    incident,
  );
  post('/v1/strategies/:id/drills', operating(MAY_DRILL, 'a drill'), drill);
  post('/v1/channel-tests', operating(['execution-trader', 'risk-officer', 'sre'], 'testing a channel'), tryChannel);
  stopRoutes(app, ports);
  ladderRoutes(app, ports);
  safeModeRoutes(app, ports);
  deviceRoutes(app, ports);
  app.notFound((context) => problem(notFound(context.req.path)));
  return app;
}

async function settle(context: Context, caller: Caller, ports: CommandPorts): Promise<Response> {
  const strategyId = strategyIn(context.req.param('id') ?? '');
  const command = { strategyId, actor: caller.subject, key: commandKey(context.req.raw, caller) };
  const { reply, receipt } = await settleAlone(command, ports);
  return context.json({ ...reply, receipt }, 200);
}

/** Opens it only: the kill is the caller's next request, and no other one than for a real kill. */
async function drill(context: Context, caller: Caller, ports: CommandPorts): Promise<Response> {
  const strategyId = strategyIn(context.req.param('id') ?? '');
  const key = commandKey(context.req.raw, caller);
  const request = await readBody(context.req.raw, DrillRequest);
  const { reply, receipt } = await openDrill({ caller, strategyId, key, request }, ports);
  return context.json({ ...reply, receipt }, 200);
}

async function incident(context: Context, caller: Caller, ports: CommandPorts): Promise<Response> {
  const strategyId = strategyIn(context.req.param('id') ?? '');
  const key = commandKey(context.req.raw, caller);
  const request = await readBody(context.req.raw, IncidentUpdate);
  const { reply, receipt } = await updateIncident({ strategyId, actor: caller.subject, key, request }, ports);
  return context.json({ ...reply, receipt }, 200);
}

async function tryChannel(context: Context, caller: Caller, ports: CommandPorts): Promise<Response> {
  const key = commandKey(context.req.raw, caller);
  const request = await readBody(context.req.raw, ChannelTestRequest);
  const { reply, receipt } = await testChannel({ caller, key, request }, ports);
  return context.json({ ...reply, receipt }, 200);
}
