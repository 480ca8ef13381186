import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { duration } from '../output/marks.ts';
import { Health } from '../replies.ts';

/** Whether the control plane itself is well, check by check. Ends with 1 when it is degraded, so that a script can tell. */
export async function health(context: Context): Promise<void> {
  const { out } = context;
  const api = await context.api('read');
  const { status, checks, alertBudget } = await api.get('/v1/health', Health);
  for (const check of checks) {
    out.step(
      check.status === 'ok' ? 'succeeded' : 'failed',
      `${check.check}: ${check.detail ?? check.status}`,
      undefined,
      check,
    );
  }
  if (alertBudget?.fromEvent) out.note(`  ${budgetWords(alertBudget)}`);
  if (status === 'ok') return out.result({ status, alertBudget }, 'ok');
  const failing = checks.filter((check) => check.status !== 'ok').map(({ check }) => check);
  throw new CliError(
    'fault',
    `the control plane is degraded: ${failing.join(', ') || 'no reason was given'}`,
    'mend what the lines above name; kill and stop keep working meanwhile',
    { code: 'Degraded' },
  );
}

/** How fast people were told within the last day: from what happened until the provider was asked. */
function budgetWords({ fromEvent, shareInTime, acknowledged }: NonNullable<Health['alertBudget']>): string {
  const times = fromEvent
    ? `p50 ${duration(fromEvent.p50Ms)}, p95 ${duration(fromEvent.p95Ms)}, p99 ${duration(fromEvent.p99Ms)}`
    : '-';
  const share = shareInTime === null ? '-' : `${(100 * shareInTime).toFixed(1)} %`;
  return `alerts: ${times} over ${acknowledged} deliveries; ${share} within 5 s`;
}
