import type { MonitorAction, MonitorFinding, MonitorLevel } from '../finding.ts';

/** One limit, and how much of it is in use, as a share of 1. */
export type LimitInUse = { readonly subject: string; readonly share: number; readonly says: string };

/** From 90 % on it is for whoever is on call. */
const PAGE_FROM = 0.9;

type Step = Pick<MonitorFinding, 'level' | 'measured' | 'threshold' | 'unit' | 'detail'> & { action?: MonitorAction };

/** Product decision 7: the highest step that the use has reached; all of a limit asks for the action. Nothing below the first step. A share that is no number counts as all of it. */
export function stepOfUse(
  { share, says }: LimitInUse,
  warnAt: readonly number[],
  action: MonitorAction,
): Step | undefined {
  const used = Number.isFinite(share) ? share : 1;
  const isAll = used >= 1;
  const step = isAll ? 1 : Math.max(0, ...warnAt.filter((each) => used >= each));
  if (step === 0) return undefined;
  const level: MonitorLevel = isAll ? 'act' : step >= PAGE_FROM ? 'page' : 'warn';
  return {
    ...{ level, ...(isAll && { action }), measured: percent(used), threshold: percent(step), unit: '%' },
    detail: `${says}: ${percent(used)} % of what is approved`,
  };
}

const percent = (share: number): number => Math.round(share * 1_000) / 10;
