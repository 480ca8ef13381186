import { change, readRegistration } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Decision } from '../decision.ts';
import { ActorId, type StrategyId } from '../ids.ts';
import { leaseId } from '../lease/lease.ts';
import type { Ports } from '../ports/ports.ts';
import type { Strategy } from '../strategy.ts';
import { judgeRestoration, type Restoration, type Watched } from './restoration.ts';

type TellPorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>;

/**
 * Runbook section 6, last row: looks at every launch that follows a recovery, and tells people that the strategy is restored once
 * five minutes were green, or why it is not. Every look may come late, and twice. Answers how many were told.
 */
export async function tellRestorations(ports: TellPorts): Promise<number> {
  const restorations = await ports.records.all('RESTORATION');
  const told = await Promise.all(
    restorations.map(({ id, watched, toldAt }) => watched && toldAt === undefined && tell(id, watched, ports)),
  );
  return told.filter(Boolean).length;
}

async function tell(id: StrategyId, { launch }: Watched, ports: TellPorts): Promise<boolean> {
  const { engines } = await readRegistration(id, ports);
  const changed = await change(
    id,
    { key: `${launch}/Restoration`, body: { id } },
    async (state) => {
      const restoration = await ports.records.get('RESTORATION', id);
      if (restoration?.watched?.launch !== launch) return untold(state); // another look was faster
      const leases = await Promise.all(
        engines.map(async ({ instanceId }) => ({
          instanceId,
          lease: await ports.records.get('LEASE', leaseId(id, instanceId)),
        })),
      );
      return decide(state, { ...restoration, watched: restoration.watched }, leases, ports.now());
    },
    ports,
  );
  return changed.reply && !changed.repeated;
}

const untold = (state: Strategy): Decision<boolean> => ({ state, entries: [], reply: false });

type UnderWatch = Restoration & { readonly watched: Watched };

function decide(
  state: Strategy,
  restoration: UnderWatch,
  leases: Parameters<typeof judgeRestoration>[2],
  now: Date,
): Decision<boolean> {
  const verdict = judgeRestoration(restoration.watched, state, leases, now);
  if (verdict === 'wait') return untold(state);
  const { watched, ...rest } = restoration;
  const { launch, liveAt } = watched;
  const about = { strategyId: state.id, runId: launch, drill: restoration.drill === true };
  const actor = ActorId.parse('service:control-plane');
  const payload = { recovery: restoration.recovery, liveAt };
  if (verdict === 'restored')
    return {
      state,
      entries: [{ type: 'recovery.restored', actor, run: launch, payload }],
      records: [
        { kind: 'RESTORATION', record: { ...restoration, toldAt: now.toISOString() } },
        ...announce('recovery-complete', { ...about, time: liveAt }, now),
      ],
      reply: true,
    };
  const { doubt: reason } = verdict;
  return {
    state,
    entries: [{ type: 'recovery.not-restored', actor, run: launch, payload: { ...payload, reason } }],
    records: [{ kind: 'RESTORATION', record: rest }, ...announce('restoration-withdrawn', { ...about, reason }, now)],
    reply: true,
  };
}
