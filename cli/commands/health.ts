import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { Health, type HealthCheck } from '../monitor-replies.ts';
import { duration, type Mark } from '../output/marks.ts';

const MARK_OF: Readonly<Record<HealthCheck['status'], Mark>> = {
  ok: 'succeeded',
  warn: 'warned',
  bad: 'failed',
  unknown: 'failed',
};

/** Whether the control plane itself is well, check by check, and what to do where it is not. Ends with 1 when anything is bad or cannot be read, so that a script can tell; a warning ends with 0. */
export async function health(context: Context): Promise<void> {
  const { out } = context;
  const api = await context.api('read');
  const { status, checks, alertBudget } = await api.get('/v1/health', Health);
  for (const check of checks) {
    out.step(
      MARK_OF[check.status],
      `${check.check}: ${check.detail ?? check.status}${limitText(check)}`,
      undefined,
      check,
    );
    if (check.status !== 'ok' && check.next) out.note(`  next: ${check.next}`);
  }
  if (alertBudget?.fromEvent) out.note(`  ${budgetWords(alertBudget)}`);
  const named = (...statuses: HealthCheck['status'][]) =>
    checks.flatMap((check) => (statuses.includes(check.status) ? [check.check] : [])).join(', ');
  if (status === 'ok') return out.result({ status, alertBudget }, 'ok');
  if (status === 'warn') return out.result({ status, alertBudget }, `ok, but look at: ${named('warn')}`);
  throw new CliError(
    'fault',
    `the control plane is not well: ${named('bad', 'unknown') || 'no reason was given'}`,
    'mend what the lines above name; kill and stop keep working meanwhile',
    { code: 'Degraded' },
  );
}

/** Where a time is bad; a count is bad when there is any. */
const limitText = ({ unit, limit, value }: HealthCheck): string =>
  unit === 'ms' && limit != null && value != null ? ` (limit ${duration(limit)})` : '';

/** How fast people were told within the last day: from what happened until the provider was asked. */
function budgetWords({ fromEvent, shareInTime, acknowledged }: NonNullable<Health['alertBudget']>): string {
  const times = fromEvent
    ? `p50 ${duration(fromEvent.p50Ms)}, p95 ${duration(fromEvent.p95Ms)}, p99 ${duration(fromEvent.p99Ms)}`
    : '-';
  const share = shareInTime === null ? '-' : `${(100 * shareInTime).toFixed(1)} %`;
  return `alerts: ${times} over ${acknowledged} deliveries; ${share} within 5 s`;
}
