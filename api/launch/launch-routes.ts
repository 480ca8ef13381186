import type { Context, Hono } from 'hono';
import type { Caller } from '../../domain/approval/caller.ts';
import { change, readRegistration } from '../../domain/change.ts';
import { storedFreezesOf } from '../../domain/freeze/covering-freezes.ts';
import { coveringLatches } from '../../domain/kill/covering-latches.ts';
import { requireDrained } from '../../domain/kill/drain-spool.ts';
import { requestLaunch } from '../../domain/launch/request-launch.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { requireExpectedPlan } from '../../domain/plan/require-expected-plan.ts';
import { runName } from '../../domain/run-name.ts';
import type { Strategy } from '../../domain/strategy.ts';
import { commandKey, handle } from '../control-api.ts';
import type { LaunchPorts } from '../launch-app.ts';
import { operating } from '../operating.ts';
import { readBody } from '../read-body.ts';
import { LaunchBody } from '../schemas.ts';
import { strategyIn } from '../strategy-in.ts';

/** Runbook 2: launches begin here. */
export function launchRoutes(app: Hono, ports: LaunchPorts): void {
  app.post('/v1/strategies/:id/launches', (context) =>
    handle(context, ports, operating(['execution-trader'], 'a launch'), (caller) => launch(context, caller, ports)),
  );
}

async function launch(context: Context, caller: Caller, ports: LaunchPorts): Promise<Response> {
  const strategyId = strategyIn(context.req.param('id') ?? '');
  const key = commandKey(context.req.raw, caller);
  const { expectedPlan, shownPlan, ...request } = await readBody(context.req.raw, LaunchBody);
  const now = ports.now();
  const runId = runName('launch', strategyId, `${key}/${digestOf(request)}`, now);
  await requireDrained(strategyId, ports);
  await requireExpectedPlan(strategyId, { expectedPlan, shownPlan }, ports);
  const registration = await readRegistration(strategyId, ports);
  const freezes = await storedFreezesOf(registration, ports);
  const decide = async (state: Strategy) => {
    const latches = await coveringLatches(registration, ports); // after the state: whoever latches now comes to the state later
    return requestLaunch(state, { caller, runId, request, freezes, latches, plan: expectedPlan, now });
  };
  const { reply, receipt } = await change(strategyId, { key, body: request }, decide, ports);
  await ports.executions.start('launch', reply.runId, { strategyId, runId: reply.runId, epoch: reply.epoch });
  return context.json({ ...reply, receipt }, 202);
}
