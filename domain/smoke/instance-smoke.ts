import * as z from 'zod';
import type { Said } from '../ask-instances.ts';
import type { SmokeReport } from '../engine/smoke-report.ts';
import { REFUSAL_CODES, Refusal } from '../refusal.ts';
import { judgeBand, SmokeVerdict, worstSmokeVerdict } from './judge-band.ts';
import type { LastGoodSmoke } from './last-good-smoke.ts';
import { ageHours, measureSmoke, spanMinutes } from './measure-smoke.ts';
import { boundsOf, SMOKE_UNITS, SmokeBand, type SmokeBands } from './smoke-bands.ts';

const number = z.number().nullable();

/** One band of one instance: what was measured, what was agreed, and what the last good replay had. */
export const BandResult = z.object({
  band: SmokeBand,
  unit: z.string(),
  measured: number,
  min: number,
  max: number,
  verdict: SmokeVerdict,
  soft: z.boolean(),
  lastGood: number,
  difference: number,
});
export type BandResult = z.infer<typeof BandResult>;

export const InstanceSmoke = z.object({
  instanceId: z.string(),
  verdict: SmokeVerdict,
  /** Why there is no report; nothing when there is one. */
  problem: z.object({ code: z.enum(REFUSAL_CODES), message: z.string() }).nullable(),
  /** The replayed minutes: from the first to the end of the newest. They span more minutes than there are bars where the venue was closed between. */
  window: z.object({ from: z.string(), to: z.string(), spanMinutes: z.number(), ageHours: z.number() }).nullable(),
  artifactDigest: z.string().nullable(),
  bands: z.array(BandResult),
});
export type InstanceSmoke = z.infer<typeof InstanceSmoke>;

/** What an instance said when it was asked to replay. */
export type SmokeAnswer = Said<SmokeReport>;

export type SmokeRules = {
  readonly bands: SmokeBands;
  readonly windowMinutes: number;
  readonly lastGood: LastGoodSmoke | undefined;
  readonly now: Date;
};

/** Judges what one instance replayed against every band. An instance without a report is inconclusive. */
export function instanceSmoke({ instanceId, said }: SmokeAnswer, rules: SmokeRules): InstanceSmoke {
  if (said instanceof Refusal) {
    const problem = { code: said.code, message: said.message };
    return { instanceId, verdict: 'inconclusive', problem, window: null, artifactDigest: null, bands: [] };
  }
  const bands = bandResults(instanceId, said, rules);
  return {
    instanceId,
    verdict: worstSmokeVerdict(bands.map(({ verdict }) => verdict)),
    problem: null,
    window: { ...said.window, spanMinutes: spanMinutes(said), ageHours: rounded(ageHours(said, rules.now)) },
    artifactDigest: said.artifactDigest ?? null,
    bands,
  };
}

function bandResults(
  instanceId: string,
  report: SmokeReport,
  { bands, windowMinutes, lastGood, now }: SmokeRules,
): BandResult[] {
  const measured = measureSmoke(report, now);
  const bounds = boundsOf(bands, windowMinutes);
  const before = lastGood?.instances.find((each) => each.instanceId === instanceId)?.measured;
  return SmokeBand.options.map((band) => {
    const { min, max } = bounds[band];
    const verdict = judgeBand(band, measured[band], bounds[band]);
    const value = finite(measured[band]);
    const then = before?.[band] ?? null;
    return {
      ...{ band, unit: SMOKE_UNITS[band], measured: value, min: min ?? null, max: max ?? null, verdict },
      soft: bands.soft.includes(band),
      lastGood: then,
      difference: value === null || then === null ? null : rounded(value - then),
    };
  });
}

/** Exact, or nothing: what is no number has no place in a document. */
const finite = (number: number | null): number | null => (number !== null && Number.isFinite(number) ? number : null);

const rounded = (number: number): number => Math.round(number * 1e6) / 1e6;
