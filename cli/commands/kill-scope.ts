import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { duration, type Mark } from '../output/marks.ts';
import { ScopeKillAccepted } from '../replies.ts';
import { sendKill } from './send-kill.ts';

export type KillScopeOptions = { readonly scope: string; readonly reason?: string; readonly device?: string };

const INSIST_MS = 30_000;
const ATTEMPT_MS = 15_000; // with a store that hangs the answer takes the deadlines of latch, spool and halts: up to 10 s

type Member = ScopeKillAccepted['strategies'][number];

/** Cannot get lost any more: the scope is latched, which covers whatever is below it, or every strategy it covers is latched or spooled. */
const isDurable = ({ latched, complete, strategies }: ScopeKillAccepted): boolean =>
  latched || (complete && strategies.length > 0 && strategies.every((each) => each.latched || each.spooled));

/** Acknowledged: durable, and the engines of all of them were told. */
const isAcknowledged = (accepted: ScopeKillAccepted): boolean => isDurable(accepted) && accepted.complete;

/**
 * Runbook 5.1 for a desk, a venue, or everything: one request, repeated under the same key until it is acknowledged or 30 s
 * have passed. Prints of each strategy what is known, never more, and then the way back.
 */
export async function killScope(context: Context, { scope, reason, device }: KillScopeOptions): Promise<void> {
  const { out, surroundings } = context;
  const startedAt = surroundings.elapsedMs();
  const kill = { path: '/v1/kills', target: { scope }, reason, device };
  const accepted = await sendKill(context, kill, ScopeKillAccepted, {
    withinMs: INSIST_MS,
    attemptMs: ATTEMPT_MS,
    isAcknowledged,
    onRetry: (why) => out.note(`  trying again: ${why}`),
  });
  out.step(markOf(accepted), accepted.summary, surroundings.elapsedMs() - startedAt, accepted);
  for (const each of accepted.strategies) out.step(...memberStep(each, accepted.leaseBoundMs));
  if (accepted.receipt) out.note(`ledger entry ${accepted.receipt.log}/${accepted.receipt.index}`);
  out.note(`the way back:\n  ${accepted.wayBack}`);
  if (!isAcknowledged(accepted)) throw notAcknowledged(accepted);
}

function markOf(accepted: ScopeKillAccepted): Mark {
  if (!isAcknowledged(accepted)) return 'failed';
  const { latched, strategies } = accepted;
  return latched && strategies.every((each) => each.latched) ? 'succeeded' : 'running';
}

function memberStep(
  { strategyId, latched, spooled, status, instances, detail }: Member,
  boundMs: number,
): [Mark, string] {
  const kept = latched ? 'latched' : spooled ? 'NOT latched yet, spooled: it cannot get lost' : 'NOT latched';
  const missing = instances.filter((each) => each.status !== 'halted').map(({ instanceId }) => instanceId);
  const silent = missing.length > 0 ? ` (${missing.join(', ')})` : '';
  const engines = {
    halted: 'halted',
    halting: `halting, not every instance has answered${silent}: bounded by its lease, ${duration(boundMs)}`,
    'lease-bounded': `no engine was reached${silent}: bounded by its lease, ${duration(boundMs)}`,
  };
  const mark = latched && status === 'halted' ? 'succeeded' : latched || spooled ? 'running' : 'failed';
  return [mark, `${strategyId} ${kept}; ${engines[status]}${detail ? ` [${detail}]` : ''}`];
}

const notAcknowledged = (accepted: ScopeKillAccepted) =>
  new CliError(
    'unreachable',
    isDurable(accepted)
      ? `${accepted.scope} is latched, but the control plane does not know which engines to tell`
      : `the kill of ${accepted.scope} is not stored`,
    'kill it again now; stop engine processes by hand that still trade',
    { code: isDurable(accepted) ? 'NotComplete' : 'NotLatched' },
  );
