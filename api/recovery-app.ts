import { type Context, Hono } from 'hono';
import * as z from 'zod';
import type { Caller } from '../domain/approval/caller.ts';
import { change, readRegistration } from '../domain/change.ts';
import { coveringLatches } from '../domain/kill/covering-latches.ts';
import { requireDrained } from '../domain/kill/drain-spool.ts';
import type { EvidenceStore } from '../domain/ports/evidence.ts';
import type { Ports } from '../domain/ports/ports.ts';
import { ActionEvidence, completeAction } from '../domain/post-mortem/complete-action.ts';
import { PostMortemRequest } from '../domain/post-mortem/post-mortem-request.ts';
import { filedOf } from '../domain/post-mortem/sign-off.ts';
import { submitPostMortem } from '../domain/post-mortem/submit-post-mortem.ts';
import { recoverScope } from '../domain/recover/recover-scope.ts';
import { RecoveryRequest, requestRecovery } from '../domain/recover/request-recovery.ts';
import { ScopeRecoveryRequest } from '../domain/recover/scope-recovery-request.ts';
import { Refusal } from '../domain/refusal.ts';
import { runName } from '../domain/run-name.ts';
import type { Strategy } from '../domain/strategy.ts';
import { commandKey, handle, type Permission, type RequestPorts } from './control-api.ts';
import { notFound, problem } from './problem.ts';
import { readBody } from './read-body.ts';
import { strategyIn } from './strategy-in.ts';

/** What coming back from a kill takes: post-mortems are filed here, and nowhere else. */
export type RecoveryPorts = RequestPorts &
  Pick<Ports, 'strategies' | 'records' | 'spool' | 'ledger' | 'demoAuthenticators' | 'jitter'> & {
    readonly executions: Pick<Ports['executions'], 'start'>;
    readonly incidents: Pick<EvidenceStore, 'createOnce' | 'read'>;
  };

type Act = (context: Context, caller: Caller, ports: RecoveryPorts) => Promise<Response>;

const WHO = ['execution-trader', 'risk-officer', 'quant', 'sre'] as const;
const operate = (action: string): Permission => ({ scope: 'control-plane/operate', roles: WHO, action });

/** The way back from a kill: post-mortems, corrective actions, recoveries. */
export function recoveryApp(ports: RecoveryPorts): Hono {
  const app = new Hono();
  const post = (path: string, permission: Permission, act: Act) =>
    app.post(path, (context) => handle(context, ports, permission, (caller) => act(context, caller, ports)));

  post('/v1/strategies/:id/recoveries', operate('a recovery'), recover);
  post('/v1/recoveries', operate('the recovery of a scope'), scope);
  post('/v1/runs/:id/post-mortem', operate('a post-mortem'), submit);
  post('/v1/runs/:id/post-mortem/actions/:number', operate('a corrective action'), complete);
  app.notFound((context) => problem(notFound(context.req.path)));
  return app;
}

async function recover(context: Context, caller: Caller, ports: RecoveryPorts): Promise<Response> {
  const strategyId = strategyIn(context.req.param('id') ?? '');
  const key = commandKey(context.req.raw, caller);
  const request = await readBody(context.req.raw, RecoveryRequest);
  const now = ports.now();
  const runId = runName('recover', strategyId, key, now);
  await requireDrained(strategyId, ports);
  const registration = await readRegistration(strategyId, ports);
  const decide = async (state: Strategy) => {
    const [latches, under, filed] = await Promise.all([
      coveringLatches(registration, ports), // after the state: whoever latches now comes to the state later
      state.latch?.recovery && ports.records.get('RUN', state.latch.recovery),
      filedOf(state.latch?.runId ?? runId, ports),
    ]);
    return requestRecovery(state, { caller, runId, request, latches, under: under || undefined, filed, now });
  };
  const { reply, receipt } = await change(strategyId, { key, body: request }, decide, ports);
  await ports.executions.start('recover', reply.runId, { strategyId, runId: reply.runId, epoch: reply.epoch });
  return context.json({ ...reply, receipt }, 202);
}

async function scope(context: Context, caller: Caller, ports: RecoveryPorts): Promise<Response> {
  const key = commandKey(context.req.raw, caller);
  const request = await readBody(context.req.raw, ScopeRecoveryRequest);
  const reply = await recoverScope({ caller, request, key }, ports);
  return context.json(reply, reply.status === 'asked' ? 202 : 200);
}

async function submit(context: Context, caller: Caller, ports: RecoveryPorts): Promise<Response> {
  const key = commandKey(context.req.raw, caller);
  const request = await readBody(context.req.raw, PostMortemRequest);
  const command = { runId: context.req.param('id') ?? '', actor: caller.subject, key, request };
  const { reply, receipt } = await submitPostMortem(command, ports);
  return context.json({ ...reply, receipt }, 200);
}

async function complete(context: Context, caller: Caller, ports: RecoveryPorts): Promise<Response> {
  const key = commandKey(context.req.raw, caller);
  const request = await readBody(context.req.raw, ActionEvidence);
  const number = z.coerce.number().int().min(1).safeParse(context.req.param('number')).data;
  if (number === undefined)
    throw new Refusal('InvalidRequest', 'an action is a number from 1', 'look at the post-mortem for its actions');
  const command = { runId: context.req.param('id') ?? '', number, actor: caller.subject, key, request };
  const { reply, receipt } = await completeAction(command, ports);
  return context.json({ ...reply, receipt }, 200);
}
