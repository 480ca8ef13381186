import { announce, messageId } from '../communications/announce.ts';
import { ActorId } from '../ids.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import { isoWeekOf, weekTimes } from '../review/iso-week.ts';
import { runbookStatus } from './runbook-status.ts';

const DESK = LogId.parse('desk');
const TRIGGER = 'runbook-attestation-due';

export type ReminderPorts = Pick<Ports, 'records' | 'now'> & {
  readonly ledger: Pick<Ports['ledger'], 'page' | 'commitTo'>;
};

/**
 * Tells those who attest the runbook that it is due: once a week while it is, however often this is asked and whatever was restarted, since the
 * message of a week has a name of its own. Looks at the first minute of an hour only. True when it told them.
 */
export async function remindAttestation(ports: ReminderPorts): Promise<boolean> {
  const now = ports.now();
  const week = weekTimes(isoWeekOf(now)).from.slice(0, 10); // the date of its Monday
  if (now.getUTCMinutes() !== 0 || (await isTold(week, ports))) return false;
  const { due } = await runbookStatus(ports);
  const reasons = (due?.reasons ?? []).filter(({ remindFrom }) => Date.parse(remindFrom) <= now.getTime());
  if (reasons.length === 0) return false;
  const until = reasons.map((each) => each.until).toSorted()[0];
  const reason = `${reasons.map(({ says }) => says).join('; ')}; by ${until}`;
  const { reply } = await ports.ledger.commitTo(
    DESK,
    async () => {
      if (await isTold(week, ports)) return { entries: [], reply: false };
      return {
        entries: [
          {
            type: 'runbook.attestation-due',
            actor: ActorId.parse('service:control-plane'),
            payload: { week, reasons },
          },
        ],
        records: announce(TRIGGER, { reason, occasion: week }, now),
        reply: true,
      };
    },
    now,
  );
  return reply;
}

const isTold = async (week: string, { records }: Pick<ReminderPorts, 'records'>): Promise<boolean> =>
  (await records.get('MESSAGE', messageId('desk', TRIGGER, week))) !== undefined;
