import * as z from 'zod';
import type { Run } from '../control-record.ts';
import { SmokeReport } from '../engine/smoke-report.ts';
import { Digest, RunId, StrategyId } from '../ids.ts';
import { checkSmoke, type Replayed } from '../launch/check-smoke.ts';
import { GateResult, gateResult } from '../launch/finding.ts';
import { digestOf } from '../ledger/digest.ts';
import { Refusal } from '../refusal.ts';
import { InstanceSmoke, instanceSmoke, type SmokeAnswer, type SmokeRules } from './instance-smoke.ts';
import { SmokeVerdict, worstSmokeVerdict } from './judge-band.ts';
import type { LastGoodSmoke } from './last-good-smoke.ts';
import { SmokeBands } from './smoke-bands.ts';

/** `smoke.json`: every band of every instance with the measured value, the bounds and the last good run's value; then what the engines said. */
export const SmokeDocument = z.object({
  v: z.literal(1),
  run: RunId,
  strategy: StrategyId,
  mode: z.literal('dry-run'),
  windowMinutes: z.int().min(1),
  at: z.iso.datetime(),
  verdict: SmokeVerdict,
  bands: SmokeBands,
  /** The last replay of this length that passed, if there is one. */
  lastGood: z.object({ run: RunId, at: z.iso.datetime(), key: z.string(), hash: Digest }).nullable(),
  instances: z.array(InstanceSmoke),
  gates: z.array(GateResult),
  reports: z.array(SmokeReport.extend({ instanceId: z.string() })),
});
export type SmokeDocument = z.infer<typeof SmokeDocument>;

/** The report is a function of these alone: the same again for anybody who has them. */
export type SmokeEvidence = SmokeRules & {
  readonly run: Pick<Run, 'id' | 'strategyId'>;
  readonly answers: readonly SmokeAnswer[];
  /** What must have been replayed. */
  readonly expected: Replayed;
};

/** Judges what all instances replayed. No instance at all is inconclusive, since nothing was proved. */
export function smokeDocument({ run, answers, expected, ...rules }: SmokeEvidence): SmokeDocument {
  const { bands, windowMinutes, lastGood, now } = rules;
  const at = now.toISOString();
  const judged = answers.map((answer) => {
    const instance = instanceSmoke(answer, rules);
    const evidence = {
      source: `smoke replay of ${answer.instanceId}`,
      observedAt: answer.answeredAt.toISOString(),
      ...(!(answer.said instanceof Refusal) && { hash: digestOf(answer.said) }),
    };
    return { instance, gate: gateResult('smoke', checkSmoke(instance, expected, evidence)) };
  });
  return {
    ...{ v: 1, run: run.id, strategy: run.strategyId, mode: 'dry-run', windowMinutes, at },
    verdict: verdictOf(judged),
    bands,
    lastGood: lastGood ? { run: lastGood.run, at: lastGood.at, key: lastGood.key, hash: lastGood.hash } : null,
    instances: judged.map(({ instance }) => instance),
    gates: judged.length === 0 ? [gateResult('smoke', [])] : judged.map(({ gate }) => gate),
    reports: answers.flatMap(({ instanceId, said }) => (said instanceof Refusal ? [] : [{ instanceId, ...said }])),
  };
}

/** An instance that replayed something else than what is deployed has failed, whatever its bands say. */
function verdictOf(judged: readonly { instance: InstanceSmoke; gate: GateResult }[]): SmokeVerdict {
  return worstSmokeVerdict(
    judged.map(({ instance, gate }) =>
      gate.findings.some(({ code, verdict }) => code === 'ArtifactNotAttested' && verdict === 'no-go')
        ? 'failed'
        : instance.verdict,
    ),
  );
}

/** What the next replay is shown beside: this one, which has passed. */
export const lastGoodOf = (
  document: SmokeDocument,
  archived: { readonly key: string; readonly hash: Digest },
  id: string,
): LastGoodSmoke => ({
  ...{ id, strategyId: document.strategy, run: document.run, at: document.at },
  windowMinutes: document.windowMinutes,
  ...archived,
  instances: document.instances.map(({ instanceId, bands }) => ({
    instanceId,
    measured: Object.fromEntries(bands.map(({ band, measured }) => [band, measured])),
  })),
});
