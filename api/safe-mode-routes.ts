import type { Context, Hono } from 'hono';
import * as z from 'zod';
import type { Role } from '../domain/approval/approval.ts';
import type { Caller } from '../domain/approval/caller.ts';
import { digestOf } from '../domain/ledger/digest.ts';
import { runName } from '../domain/run-name.ts';
import { enterSafeMode, type SafeModePorts } from '../domain/safe-mode/enter-safe-mode.ts';
import { handle, type RequestPorts } from './control-api.ts';
import { lenientKey } from './lenient-key.ts';
import { operating } from './operating.ts';
import { readBodyLeniently } from './read-body.ts';
import { strategyIn } from './strategy-in.ts';

const MAY_SUSPEND: readonly Role[] = ['execution-trader', 'risk-officer', 'quant', 'sre'];

/** Safety is never refused for form: a reason that is no text counts as not given (product decision 2). */
export const SafeModeRequest = z.object({ reason: z.string().optional().catch(undefined) }).catch({});

/** Runbook 5.2.1: one person takes a strategy into safe mode, at once. */
export function safeModeRoutes(app: Hono, ports: RequestPorts & SafeModePorts): void {
  app.post('/v1/strategies/:id/safe-modes', (context) =>
    handle(context, ports, operating(MAY_SUSPEND, 'a safe mode'), (caller) => suspend(context, caller, ports)),
  );
}

/** A reused key with another body is another request, never a refusal: the body is part of the key. */
async function suspend(context: Context, caller: Caller, ports: RequestPorts & SafeModePorts): Promise<Response> {
  const strategyId = strategyIn(context.req.param('id') ?? '');
  const request = SafeModeRequest.parse(await readBodyLeniently(context.req.raw));
  const key = `${caller.subject}/${lenientKey(context.req.raw, ports.randomId)}/${digestOf(request)}`;
  const runId = runName('safe-mode', strategyId, key, ports.now());
  const { reason } = request;
  const reply = await enterSafeMode({ strategyId, cause: 'manual', reason, actor: caller.subject, runId }, ports);
  return context.json(reply, 202);
}
