import { change } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Failure, Run } from '../control-record.ts';
import { ActorId } from '../ids.ts';
import { endedHalts } from '../planned-halt/close-halts.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * A stop whose machine ended without success, in whatever way, pages people: the strategy takes no new orders, but it is not OFF. Its halt in the
 * calendar has failed, and the next stop begins anew. A kill that took over, or another stop, tells for itself.
 */
export async function tellFailedStop(
  run: Run,
  failure: Failure,
  ports: Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>,
): Promise<{ summary: string }> {
  const { reply } = await change(
    run.strategyId,
    { key: `${run.id}/failed`, body: { run: run.id } },
    async (state) => {
      if (state.latch || state.run?.id !== run.id)
        return { state, entries: [], reply: `${run.id} holds nothing any more` };
      const reason = `${failure.message}; stop it again: it begins anew from where it is`;
      const calendar = await ports.records.get('PLANNEDHALT', state.id);
      const { code, message } = failure;
      return {
        state,
        entries: [
          {
            type: 'stop.failed',
            actor: ActorId.parse('service:control-plane'),
            run: run.id,
            payload: { failure: { code, message } },
          },
        ],
        records: [
          ...announce('stop-failed', { strategyId: state.id, runId: run.id, reason }, ports.now()),
          ...endedHalts(calendar, run.id, { status: 'failed', outcome: message.slice(0, 500) }, ports.now()),
        ],
        reply: `${run.id} did not stop it: people are paged`,
      };
    },
    ports,
  );
  return { summary: reply };
}
