import type { Approval } from '../approval/approval.ts';
import { readStrategy } from '../change.ts';
import type { ActorId, StrategyId } from '../ids.ts';
import type { Override } from './override.ts';
import { type OverridePorts, signersOf } from './standing-overrides.ts';

/** An override as people see it. `asked` waits for signatures; `void` was signed, and the strategy has moved on since. */
export type OverrideView = Override & {
  readonly status: 'asked' | 'in force' | 'declined' | 'expired' | 'void';
  readonly signers: readonly ActorId[];
};

/** The overrides of a strategy, newest first, each with what has become of it. */
export async function listOverrides(strategyId: StrategyId, ports: OverridePorts): Promise<OverrideView[]> {
  const { epoch } = await readStrategy(strategyId, ports);
  const own = (await ports.records.list('OVERRIDE')).filter((each) => each.strategyId === strategyId);
  return Promise.all(
    own.map(async (override) => {
      const approval = await ports.records.get('APPROVAL', override.approval);
      const signers = signersOf(override, approval, ports);
      return {
        ...override,
        status: statusOf(override, { approval, signers, epoch, now: ports.now() }),
        signers: signers ?? [],
      };
    }),
  );
}

type Known = {
  readonly approval: Approval | undefined;
  readonly signers: readonly ActorId[] | undefined;
  readonly epoch: number;
  readonly now: Date;
};

function statusOf(override: Override, { approval, signers, epoch, now }: Known): OverrideView['status'] {
  const at = now.toISOString();
  if (approval?.status === 'declined') return 'declined';
  if (at >= override.expiresAt) return 'expired';
  if (override.epoch !== epoch) return 'void';
  if (signers) return 'in force';
  return approval?.status === 'open' && at < approval.expiresAt ? 'asked' : 'expired';
}
