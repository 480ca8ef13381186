import { changeLog } from '../change-log.ts';
import { ActorId } from '../ids.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunbookDigests } from './runbook-edition.ts';

const DESK = LogId.parse('desk');

/** Brings the edition of the runbook that was deployed into the control table, each change with an entry in the ledger of the desk. The same one again changes nothing. */
export async function registerRunbook(
  { text, trace }: RunbookDigests,
  version: string,
  ports: Pick<Ports, 'records' | 'ledger' | 'now'>,
): Promise<void> {
  const known = await ports.records.get('RUNBOOK', 'runbook');
  if (known?.text === text && known.trace === trace) return;
  const before = known && { text: known.text, trace: known.trace };
  const payload = { text, trace, ...(before && { before }), version };
  await changeLog(
    DESK,
    { key: `runbook/${version}`, body: { text, trace } },
    async () => ({
      entries: [{ type: 'runbook.registered', actor: ActorId.parse('service:deployment'), payload }],
      records: [{ kind: 'RUNBOOK', record: { id: 'runbook', text, trace, since: ports.now().toISOString() } }],
      reply: undefined,
    }),
    ports,
  );
}
