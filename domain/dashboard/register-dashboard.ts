import { changeLog } from '../change-log.ts';
import { ActorId } from '../ids.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import type { LiveDashboard } from './live-dashboard.ts';

const DESK = LogId.parse('desk');

/** Brings the thresholds of the deployed dashboard into the control table, each change with an entry in the ledger of the desk. The same ones again change nothing. */
export async function registerDashboard(
  dashboard: LiveDashboard,
  version: string,
  ports: Pick<Ports, 'records' | 'ledger' | 'now'>,
): Promise<void> {
  const known = await ports.records.get('DASHBOARD', 'live');
  if (known?.digest === dashboard.digest) return;
  const { digest, thresholds } = dashboard;
  const payload = { digest, ...(known && { before: known.digest }), thresholds, version };
  await changeLog(
    DESK,
    { key: `dashboard/${version}`, body: { digest } },
    async () => ({
      entries: [{ type: 'dashboard.registered', actor: ActorId.parse('service:deployment'), payload }],
      records: [{ kind: 'DASHBOARD', record: dashboard }],
      reply: undefined,
    }),
    ports,
  );
}
