import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { duration, type Mark, utc } from '../output/marks.ts';
import { KillAccepted } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';
import { sendKill } from './send-kill.ts';

export type KillOptions = { readonly strategy: string; readonly reason?: string; readonly device?: string };

const INSIST_MS = 15_000;
const ATTEMPT_MS = 7_000; // with a store that hangs the answer takes the deadlines of latch and spool: up to 6.5 s

const isDurable = ({ latched, spooled }: KillAccepted): boolean => latched || spooled;

/**
 * Runbook 5.1: stops trading at once. No prompt, no flag, no waiting: one request, repeated under the same key until it is
 * acknowledged or 15 s have passed. Prints what is known about each engine, never more, and then the way back. Acknowledged is
 * what cannot get lost any more: latched, or in the spool, which latches it as soon as the store is back.
 */
export async function kill(context: Context, { strategy, reason, device }: KillOptions): Promise<void> {
  const { out, surroundings } = context;
  const startedAt = surroundings.elapsedMs();
  const kill = { path: strategyPath(strategy, 'kills'), target: { strategy }, reason, device };
  const accepted = await sendKill(context, kill, KillAccepted, {
    withinMs: INSIST_MS,
    attemptMs: ATTEMPT_MS,
    isAcknowledged: isDurable,
    onRetry: (why) => out.note(`  trying again: ${why}`),
  });
  out.step(markOf(accepted), accepted.summary, surroundings.elapsedMs() - startedAt, accepted);
  tell(context, strategy, accepted);
  if (!isDurable(accepted)) throw notLatched(accepted);
}

function markOf({ latched, spooled }: KillAccepted): Mark {
  if (latched) return 'succeeded';
  return spooled ? 'running' : 'failed';
}

function tell({ out, command }: Context, strategy: string, accepted: KillAccepted): void {
  const { instances, leaseBoundMs, runId, epoch, receipt, wayBack } = accepted;
  for (const line of killedText(accepted)) out.note(`  ${line}`);
  for (const instance of instances) out.step(...instanceStep(instance, leaseBoundMs));
  if (receipt) out.note(`run ${runId}, epoch ${epoch}, ledger entry ${receipt.log}/${receipt.index}`);
  out.note(
    `the way back:\n${[wayBack]
      .flat()
      .map((line) => `  ${line}`)
      .join('\n')}`,
  );
  out.note(`  sign and confirm it: ${command(`approve --strategy ${strategy}`)}`);
}

const notLatched = ({ status }: KillAccepted) =>
  new CliError(
    'unreachable',
    `the kill is not stored: ${status} is all that is known`,
    'kill it again now; stop the engine process by hand if it still trades',
    {
      code: 'NotLatched',
    },
  );

function killedText({ latched, spooled, status, leaseBoundMs }: KillAccepted): string[] {
  const latch = latched
    ? 'latched: nothing can launch or resume it'
    : spooled
      ? 'NOT latched yet, the store did not answer: the kill is kept in the spool and cannot get lost. It is latched as soon as the store is back; no lease and no launch is given before'
      : 'NOT latched: the store did not answer, nothing keeps a launch from starting';
  const engines = {
    halted: 'every engine instance says it has halted; the venues are being verified',
    halting: `not every engine instance has answered yet; without a lease each stops by itself within ${duration(leaseBoundMs)}`,
    'lease-bounded': `no engine could be reached; each stops by itself when its lease ends, within ${duration(leaseBoundMs)}`,
  };
  return [latch, engines[status]];
}

function instanceStep(instance: KillAccepted['instances'][number], leaseBoundMs: number): [Mark, string] {
  const { instanceId, status, haltedAt, detail } = instance;
  if (status === 'halted') return ['succeeded', `${instanceId} halted at ${utc(haltedAt)}`];
  return [
    'running',
    `${instanceId} ${status}${detail ? ` (${detail})` : ''}: bounded by its lease, ${duration(leaseBoundMs)}`,
  ];
}
