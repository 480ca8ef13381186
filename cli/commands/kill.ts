import type { Context } from '../context.ts';
import { duration, type Mark, utc } from '../output/marks.ts';
import { KillAccepted } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';

export type KillOptions = { readonly strategy: string; readonly reason?: string };

const INSIST_MS = 10_000;

/**
 * Runbook 5.1: stops trading at once. No prompt, no flag, no waiting: one request, repeated under the same key until it is
 * acknowledged or 10 s have passed. Prints what is known about each engine, never more, and then the way back.
 */
export async function kill(context: Context, { strategy, reason }: KillOptions): Promise<void> {
  const { out, surroundings } = context;
  const startedAt = performance.now();
  const api = await context.api('kill');
  const post = { body: reason === undefined ? {} : { reason }, idempotencyKey: surroundings.newKey() };
  const path = strategyPath(strategy, 'kills');
  const accepted = await api.insist(path, KillAccepted, post, INSIST_MS, (why) => out.note(`  trying again: ${why}`));
  out.step('succeeded', accepted.summary, performance.now() - startedAt, accepted);
  out.note(killedText(accepted).join('\n'));
  for (const instance of accepted.instances) out.step(...instanceStep(instance, accepted.leaseBoundMs));
  out.note(
    `run ${accepted.runId}, epoch ${accepted.epoch}, ledger entry ${accepted.receipt.log}/${accepted.receipt.index}`,
  );
  out.note(
    `the way back:\n${[accepted.wayBack]
      .flat()
      .map((line) => `  ${line}`)
      .join('\n')}`,
  );
}

function killedText({ latched, status, leaseBoundMs }: KillAccepted): string[] {
  const latch = latched
    ? 'latched: nothing can launch or resume it'
    : 'NOT latched yet: the kill is stored and is being repeated until it is';
  const engines = {
    halted: 'every engine instance says it has halted; the venues are being verified',
    halting: `not every engine instance has answered yet; without a lease each stops by itself within ${duration(leaseBoundMs)}`,
    'lease-bounded': `no engine could be reached; each stops by itself when its lease ends, within ${duration(leaseBoundMs)}`,
  };
  return [`  ${latch}`, `  ${engines[status]}`];
}

function instanceStep(instance: KillAccepted['instances'][number], leaseBoundMs: number): [Mark, string] {
  const { instanceId, status, haltedAt, detail } = instance;
  if (status === 'halted') return ['succeeded', `${instanceId} halted at ${utc(haltedAt)}`];
  return [
    'running',
    `${instanceId} ${status}${detail ? ` (${detail})` : ''}: bounded by its lease, ${duration(leaseBoundMs)}`,
  ];
}
