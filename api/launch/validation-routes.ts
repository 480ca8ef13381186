import type { Context, Hono } from 'hono';
import type { Role } from '../../domain/approval/approval.ts';
import type { Caller } from '../../domain/approval/caller.ts';
import { change, readRegistration } from '../../domain/change.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { Refusal } from '../../domain/refusal.ts';
import { runName } from '../../domain/run-name.ts';
import { readSmoke } from '../../domain/smoke/read-smoke.ts';
import { requestValidation, ValidationRequest } from '../../domain/validate/request-validation.ts';
import { commandKey, handle, READING } from '../control-api.ts';
import type { LaunchPorts } from '../launch-app.ts';
import { operating } from '../operating.ts';
import { readBody } from '../read-body.ts';
import { strategyIn } from '../strategy-in.ts';

const MAY_VALIDATE: readonly Role[] = ['quant', 'execution-trader', 'risk-officer', 'sre'];

/** Runbook 2.4 on its own, and the report of any replay: that of a launch, or that of a validation. */
export function validationRoutes(app: Hono, ports: LaunchPorts): void {
  app.post('/v1/strategies/:id/validations', (context) =>
    handle(context, ports, operating(MAY_VALIDATE, 'a validation'), (caller) => validate(context, caller, ports)),
  );
  app.get('/v1/runs/:id/smoke', (context) => handle(context, ports, READING, () => show(context, ports)));
}

async function validate(context: Context, caller: Caller, ports: LaunchPorts): Promise<Response> {
  const strategyId = strategyIn(context.req.param('id') ?? '');
  const key = commandKey(context.req.raw, caller);
  const request = await readBody(context.req.raw, ValidationRequest);
  const now = ports.now();
  const runId = runName('validate', strategyId, `${key}/${digestOf(request)}`, now);
  const registration = await readRegistration(strategyId, ports);
  const { reply, receipt } = await change(
    strategyId,
    { key, body: request },
    (state) => requestValidation(state, { caller, runId, request, registration, now }),
    ports,
  );
  await ports.executions.start('validate', reply.runId, { strategyId, runId: reply.runId, epoch: reply.epoch });
  return context.json({ ...reply, receipt }, 202);
}

async function show(context: Context, ports: LaunchPorts): Promise<Response> {
  const id = context.req.param('id') ?? '';
  const run = await ports.records.get('RUN', id);
  if (!run) throw new Refusal('UnknownRun', `there is no run ${id.slice(0, 80)}`, 'look at the list of runs');
  const smoke = await readSmoke(run, ports);
  if (!smoke)
    throw new Refusal(
      'NotFound',
      `${run.id} has archived no smoke.json`,
      'only a launch and a validation replay; look at the run',
    );
  return context.json({ ...smoke.archived, ...smoke.document }, 200);
}
