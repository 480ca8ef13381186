import * as z from 'zod';
import { changeLog } from '../change-log.ts';
import { ActorId } from '../ids.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { Monitors } from './monitor-settings.ts';
import { thresholdDifferences } from './threshold-differences.ts';

const DESK = LogId.parse('desk');

/** The thresholds as CloudFormation hands them over: JSON text. They were judged when the template was made. */
export const MonitorsText = z.string().transform((text, context) => {
  const parsed = Monitors.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  context.addIssue({ code: 'custom', message: z.prettifyError(parsed.error) });
  return z.NEVER;
});

/**
 * Brings the thresholds of monitoring of the deployed configuration into the control table, each change with an entry in the ledger of the desk that
 * says which, by whom, and why. The same ones again change nothing. Refuses other thresholds under the very words of the change before
 * (InvalidRequest): nobody would know why.
 */
export async function registerMonitors(
  monitors: Monitors,
  version: string,
  ports: Pick<Ports, 'records' | 'ledger' | 'now'>,
): Promise<void> {
  const known = await ports.records.get('MONITORS', 'monitors');
  if (known?.digest === monitors.digest) return;
  if (known && canonicalJson(known.changed) === canonicalJson(monitors.changed)) throw unexplained(known, monitors);
  const { digest, changed } = monitors;
  const payload = {
    digest,
    ...(known && { before: known.digest, changes: thresholdDifferences(known, monitors) }),
    ...{ ...changed, version },
  };
  await changeLog(
    DESK,
    { key: `monitors/${version}`, body: { digest } },
    async () => ({
      entries: [{ type: 'monitors.changed', actor: ActorId.parse('service:deployment'), payload }],
      records: [{ kind: 'MONITORS', record: monitors }],
      reply: undefined,
    }),
    ports,
  );
}

function unexplained(known: Monitors, monitors: Monitors): Refusal {
  const paths = thresholdDifferences(known, monitors).map(({ path }) => path);
  return new Refusal(
    'InvalidRequest',
    `config/monitors.yaml changes ${paths.join(', ')}, and its 'changed' is word for word that of the change before: say who changes this and why`,
    "say in 'changed' who changes the thresholds and why, and deploy again",
    { paths, changed: known.changed },
  );
}
