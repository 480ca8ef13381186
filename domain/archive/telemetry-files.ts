import { canonicalJson } from '../ledger/canonical-json.ts';
import type { LimitsUse } from '../snapshot/limits-use.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';

const STEPS = [0.5, 0.75, 0.85, 0.9, 0.95, 1] as const;

/** A file of an archive before it is written: its lines, or its whole text. */
export type DraftFile = { readonly file: string; readonly lines: readonly string[] };

/** What the minutes of a run become: every snapshot as it was kept, profit and loss by instance, and how much of the limits was used. */
export const telemetryFiles = (snapshots: readonly Snapshot[]): DraftFile[] => [
  { file: 'telemetry.jsonl', lines: snapshots.map(canonicalJson) },
  { file: 'pnl.jsonl', lines: snapshots.flatMap(pnlLines) },
  { file: 'risk.json', lines: [canonicalJson(riskOf(snapshots))] },
];

const pnlLines = ({ at, instances }: Snapshot): string[] =>
  instances.flatMap((each) =>
    'pnl' in each ? [canonicalJson({ at, instance: each.instanceId, reportedAt: each.grantedAt, ...each.pnl })] : [],
  );

/** Peaks with their minute, and for how many minutes each step of product decision 7 was reached. */
function riskOf(snapshots: readonly Snapshot[]) {
  const minutes = snapshots.flatMap(({ at, use }) => (use ? [{ at, use }] : []));
  const peak = (of: (use: LimitsUse) => number) => peakOf(minutes, of);
  const instruments = [...new Set(minutes.flatMap(({ use }) => use.instruments.map((each) => each.instrument)))];
  return {
    v: 1,
    snapshots: snapshots.length,
    from: snapshots[0]?.at ?? null,
    until: snapshots.at(-1)?.at ?? null,
    withoutLimits: snapshots.length - minutes.length,
    peak: {
      grossNotional: peak(({ grossNotional }) => grossNotional),
      ofKillNotional: peak(({ ofKillNotional }) => ofKillNotional),
      loss: peak(({ loss }) => loss),
      ofKillLoss: peak(({ ofKillLoss }) => ofKillLoss),
      worst: peak(({ worst }) => worst),
    },
    instruments: instruments.toSorted().map((instrument) => {
      const own = (use: LimitsUse) => use.instruments.find((each) => each.instrument === instrument);
      return {
        instrument,
        notional: peak((use) => own(use)?.notional ?? 0),
        ofMaxNotional: peak((use) => own(use)?.ofMaxNotional ?? 0),
        ofMaxPosition: peak((use) => own(use)?.ofMaxPosition ?? 0),
      };
    }),
    minutesAt: STEPS.map((step) => ({
      share: step,
      minutes: minutes.filter(({ use }) => use.worst >= step).length,
    })),
  };
}

/** The largest value and the first minute that had it; null where no minute is known. */
function peakOf(
  minutes: readonly { at: string; use: LimitsUse }[],
  of: (use: LimitsUse) => number,
): { value: number; at: string } | null {
  const values = minutes.map(({ at, use }) => ({ at, value: of(use) }));
  return values.reduce<{ value: number; at: string } | null>(
    (most, each) => (most === null || each.value > most.value ? each : most),
    null,
  );
}
