import type { Context } from '../context.ts';
import { harmless } from '../output/harmless.ts';
import { StrategyRestricted } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';

export type HoldBackOptions = { readonly strategy: string; readonly reason?: string; readonly for?: string };

/** Sends a command that makes trading safer, and says what every engine answered. It is never refused for form: what cannot be read is left out, and said. */
export async function holdBack(
  context: Context,
  path: 'throttles' | 'reductions',
  { strategy, reason, for: duration }: HoldBackOptions,
  rate: { readonly ordersPerSec?: unknown } = {},
): Promise<void> {
  const { out, surroundings, command } = context;
  const forMinutes = duration === undefined ? undefined : minutesIn(duration);
  if (duration !== undefined && forMinutes === undefined)
    out.note(harmless(`  --for ${duration} is not like 30m or 2h, a week at most: it is held back without a time`));
  const api = await context.api('operate');
  const restricted = await api.post(strategyPath(strategy, path), StrategyRestricted, {
    body: { ...rate, ...(reason !== undefined && { reason }), ...(forMinutes !== undefined && { forMinutes }) },
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', restricted.summary, undefined, restricted);
  for (const told of restricted.instances) out.note(harmless(`  ${toldText(told)}`));
  if (restricted.approvedOrdersPerSec === null) return;
  if (forMinutes !== undefined) out.note(`  after ${forMinutes} minutes two people are asked whether it may be lifted`);
  out.note(`  the way back, which two people sign: ${command(`resume --strategy ${strategy} --reason '...'`)}`);
}

type Told = StrategyRestricted['instances'][number];

const toldText = ({ instanceId, mode, maxOrdersPerSec, problem }: Told): string =>
  problem === undefined || problem === null
    ? `${instanceId}: ${mode}, up to ${maxOrdersPerSec} orders/s`
    : `${instanceId}: not told (${problem}); its next lease tells it, or it loses that`;

const MINUTES: Readonly<Record<string, number>> = { s: 1 / 60, m: 1, h: 60, d: 1_440 };
const WEEK = 10_080;

/** From `30m`, `2h`, `90s` or `1d`; nothing for anything else, and for more than a week. */
function minutesIn(text: string): number | undefined {
  const [, count = '', unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text.trim()) ?? [];
  const minutes = Number(count) * (MINUTES[unit] ?? 0);
  return minutes > 0 && minutes <= WEEK ? minutes : undefined;
}
