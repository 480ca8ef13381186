import { type Context, Hono } from 'hono';
import type { Role } from '../domain/approval/approval.ts';
import type { Caller } from '../domain/approval/caller.ts';
import { change } from '../domain/change.ts';
import { DrillRequest } from '../domain/drill/drill-request.ts';
import { openDrill } from '../domain/drill/open-drill.ts';
import { IncidentUpdate, updateIncident } from '../domain/kill/update-incident.ts';
import { digestOf } from '../domain/ledger/digest.ts';
import type { Ports } from '../domain/ports/ports.ts';
import { runName } from '../domain/run-name.ts';
import { requestStop, StopRequest } from '../domain/stop/request-stop.ts';
import { settleAlone } from '../domain/stop/settle-alone.ts';
import type { Strategy } from '../domain/strategy.ts';
import { commandKey, handle, type Permission, type RequestPorts } from './control-api.ts';
import { type DevicePorts, deviceRoutes } from './device-routes.ts';
import { lenientKey } from './lenient-key.ts';
import { operating } from './operating.ts';
import { notFound, problem } from './problem.ts';
import { readBody, readBodyLeniently } from './read-body.ts';
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

  post('/v1/strategies/:id/stops', operating(['execution-trader', 'risk-officer', 'sre'], 'a stop'), stop);
  post('/v1/strategies/:id/settlements', operating(['execution-trader', 'sre'], 'a settlement'), settle);
  post(
    '/v1/strategies/:id/incident',
    operating(['execution-trader', 'risk-officer', 'sre'], 'an incident update'),
    incident,
  );
  post('/v1/strategies/:id/drills', operating(MAY_DRILL, 'a drill'), drill);
  deviceRoutes(app, ports);
  app.notFound((context) => problem(notFound(context.req.path)));
  return app;
}

/** A reused key with another body is another stop, never a refusal: the body is part of the key. */
async function stop(context: Context, caller: Caller, ports: CommandPorts): Promise<Response> {
  const strategyId = strategyIn(context.req.param('id') ?? '');
  const request = StopRequest.parse(await readBodyLeniently(context.req.raw));
  const key = `${caller.subject}/${lenientKey(context.req.raw, ports.randomId)}/${digestOf(request)}`;
  const now = ports.now();
  const runId = runName('stop', strategyId, key, now);
  const decide = async (state: Strategy) => {
    const under = state.run && (await ports.records.get('RUN', state.run.id));
    return requestStop(state, { caller, runId, request, under, now });
  };
  const { reply, receipt } = await change(strategyId, { key, body: request }, decide, ports);
  if (reply.started)
    await ports.executions.start('stop', reply.started, { strategyId, runId: reply.started, epoch: reply.epoch });
  const { started: _ours, ...told } = reply;
  return context.json({ ...told, receipt }, 202);
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
