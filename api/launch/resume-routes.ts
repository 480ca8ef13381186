import type { Context, Hono } from 'hono';
import type { Caller } from '../../domain/approval/caller.ts';
import { change, readRegistration } from '../../domain/change.ts';
import { coveringLatches } from '../../domain/kill/covering-latches.ts';
import { requireDrained } from '../../domain/kill/drain-spool.ts';
import { freezesGate } from '../../domain/launch/freezes-gate.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { ResumeRequest, requestResume } from '../../domain/resume/request-resume.ts';
import { runName } from '../../domain/run-name.ts';
import type { Strategy } from '../../domain/strategy.ts';
import { commandKey, handle } from '../control-api.ts';
import type { LaunchPorts } from '../launch-app.ts';
import { operating } from '../operating.ts';
import { readBody } from '../read-body.ts';
import { strategyIn } from '../strategy-in.ts';

/** Product decision 9: what lost its lease is brought back to trading from here. */
export function resumeRoutes(app: Hono, ports: LaunchPorts): void {
  app.post('/v1/strategies/:id/resumptions', (context) =>
    handle(context, ports, operating(['execution-trader'], 'a resumption'), (caller) => resume(context, caller, ports)),
  );
}

async function resume(context: Context, caller: Caller, ports: LaunchPorts): Promise<Response> {
  const strategyId = strategyIn(context.req.param('id') ?? '');
  const key = commandKey(context.req.raw, caller);
  const request = await readBody(context.req.raw, ResumeRequest);
  const now = ports.now();
  const runId = runName('resume', strategyId, `${key}/${digestOf(request)}`, now);
  await requireDrained(strategyId, ports);
  const [freezes, registration] = await Promise.all([
    freezesGate({ strategyId }, ports),
    readRegistration(strategyId, ports),
  ]);
  const decide = async (state: Strategy) => {
    const under = state.run && (await ports.records.get('RUN', state.run.id));
    const latches = await coveringLatches(registration, ports); // after the state: whoever latches now comes to the state later
    return requestResume(state, { caller, runId, request, freezes, latches, under, now });
  };
  const { reply, receipt } = await change(strategyId, { key, body: request }, decide, ports);
  await ports.executions.start('resume', reply.runId, { strategyId, runId: reply.runId, epoch: reply.epoch });
  return context.json({ ...reply, receipt }, 202);
}
