import type { Context, Hono } from 'hono';
import type { Role } from '../domain/approval/approval.ts';
import type { Caller } from '../domain/approval/caller.ts';
import { change } from '../domain/change.ts';
import { digestOf } from '../domain/ledger/digest.ts';
import { cancelHalt } from '../domain/planned-halt/cancel-halt.ts';
import { CancellationRequest } from '../domain/planned-halt/cancellation-request.ts';
import { isSchedule, readSchedule, scheduleHalt } from '../domain/planned-halt/schedule-halt.ts';
import type { Ports } from '../domain/ports/ports.ts';
import { runName } from '../domain/run-name.ts';
import { requestStop, StopRequest } from '../domain/stop/request-stop.ts';
import type { Strategy } from '../domain/strategy.ts';
import { commandKey, handle, type RequestPorts } from './control-api.ts';
import { lenientKey } from './lenient-key.ts';
import { operating } from './operating.ts';
import { readBodyLeniently } from './read-body.ts';
import { strategyIn } from './strategy-in.ts';

export type StopPorts = RequestPorts & Pick<Ports, 'strategies' | 'records' | 'executions' | 'jitter'>;

const MAY_STOP: readonly Role[] = ['execution-trader', 'risk-officer', 'sre'];

/** Planned stops (runbook 4): at once, or at a time to come, which is a schedule and can be cancelled until it begins. */
export function stopRoutes(app: Hono, ports: StopPorts): void {
  app.post('/v1/strategies/:id/stops', (context) =>
    handle(context, ports, operating(MAY_STOP, 'a stop'), (caller) => stop(context, caller, ports)),
  );
  app.post('/v1/strategies/:id/stops/:halt/cancellation', (context) =>
    handle(context, ports, operating(MAY_STOP, 'cancelling a planned halt'), (caller) =>
      cancel(context, caller, ports),
    ),
  );
}

/** A body that names a time is a schedule, and never a stop at once, however malformed it is. */
async function stop(context: Context, caller: Caller, ports: StopPorts): Promise<Response> {
  const body = await readBodyLeniently(context.req.raw);
  return isSchedule(body) ? schedule(context, caller, body, ports) : stopNow(context, caller, body, ports);
}

/** A reused key with another body is another stop, never a refusal: the body is part of the key. */
async function stopNow(context: Context, caller: Caller, body: unknown, ports: StopPorts): Promise<Response> {
  const strategyId = strategyIn(context.req.param('id') ?? '');
  const request = StopRequest.parse(body);
  const key = `${caller.subject}/${lenientKey(context.req.raw, ports.randomId)}/${digestOf(request)}`;
  const now = ports.now();
  const runId = runName('stop', strategyId, key, now);
  const decide = async (state: Strategy) => {
    const [calendar, under] = await Promise.all([
      ports.records.get('PLANNEDHALT', strategyId),
      state.run && ports.records.get('RUN', state.run.id),
    ]);
    return requestStop(state, { caller, runId, request, under, calendar, now });
  };
  const { reply, receipt } = await change(strategyId, { key, body: request }, decide, ports);
  if (reply.started)
    await ports.executions.start('stop', reply.started, { strategyId, runId: reply.started, epoch: reply.epoch });
  const { started: _ours, ...told } = reply;
  return context.json({ ...told, receipt }, 202);
}

async function schedule(context: Context, caller: Caller, body: unknown, ports: StopPorts): Promise<Response> {
  const strategyId = strategyIn(context.req.param('id') ?? '');
  const key = commandKey(context.req.raw, caller);
  const { reply, receipt } = await scheduleHalt({ caller, strategyId, key, request: readSchedule(body) }, ports);
  return context.json({ ...reply, receipt }, 202);
}

async function cancel(context: Context, caller: Caller, ports: StopPorts): Promise<Response> {
  const strategyId = strategyIn(context.req.param('id') ?? '');
  const haltId = context.req.param('halt') ?? '';
  const key = commandKey(context.req.raw, caller);
  const request = CancellationRequest.catch({}).parse(await readBodyLeniently(context.req.raw));
  const { reply, receipt } = await cancelHalt({ caller, strategyId, haltId, key, request }, ports);
  return context.json({ ...reply, receipt }, 200);
}
