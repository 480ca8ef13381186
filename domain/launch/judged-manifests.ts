import * as z from 'zod';
import type { Digest, StrategyId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { type RunStep, stepKey } from '../run-step.ts';
import { manifestKey } from './change-manifest.ts';
import type { GateResult } from './finding.ts';

/** The digests of every manifest that these gates read: one, unless somebody published between two of them. */
export const judgedManifests = (strategyId: StrategyId, gates: readonly GateResult[]): string[] => [
  ...new Set(
    gates
      .flatMap(({ findings }) => findings)
      .filter(({ evidence }) => evidence.source === manifestKey(strategyId))
      .flatMap(({ evidence }) => evidence.hash ?? []),
  ),
];

const Reply = z.object({ manifests: z.array(z.string()) });

/**
 * Refuses (PlanChanged) a manifest that the preconditions of this run did not judge: one that was published after they did would
 * bring a ticket that nobody approved, and a commit whose CI nobody looked at.
 */
export async function requireJudged(
  run: RunStep,
  manifest: Digest,
  { records }: { readonly records: Pick<Ports['records'], 'get'> },
): Promise<void> {
  const command = await records.get('COMMAND', stepKey(run, 'RequirePreconditions').key);
  const judged = Reply.safeParse(command?.reply).data?.manifests ?? [];
  const other = judged.find((each) => each !== manifest);
  if (other === undefined) return;
  throw new Refusal(
    'PlanChanged',
    'another manifest was published after the gates had judged this launch',
    'launch again, so that the gates judge the new one',
    { changed: [{ path: 'manifest.digest', approved: other, now: manifest }] },
  );
}
