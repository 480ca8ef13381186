import { changeLog } from '../change-log.ts';
import { announce } from '../communications/announce.ts';
import { ActorId } from '../ids.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import { type IsoWeek, weekBefore, weekTimes } from './iso-week.ts';
import { type ReadDigestPorts, readDigest } from './read-digest.ts';

const DESK = LogId.parse('desk');
const BY = ActorId.parse('service:review');
const MONDAY_MORNING_MS = 6 * 3_600_000;

export type SendDigestPorts = ReadDigestPorts & {
  readonly records: Ports['records'];
  readonly ledger: Pick<Ports['ledger'], 'page' | 'commitTo'>;
  /** `reports/digests/` of the evidence bucket. */
  readonly digests: Pick<Ports['evidence'], 'read' | 'createOnce'>;
};

/** Where the digest of a week is filed. */
export const digestKey = (week: IsoWeek): string => `reports/digests/${week}.md`;

/**
 * Tells Compliance of the week that is over, once, from Monday 06:00 UTC on: a late sweep tells one week, the last. A control plane that did not exist in that
 * week, as far as the log `desk` says, has nothing to tell. Answers the week that was told, if one was.
 */
export async function sendDigest(ports: SendDigestPorts): Promise<IsoWeek | undefined> {
  const week = weekBefore(new Date(ports.now().getTime() - MONDAY_MORNING_MS));
  const key = `digest/${week}`;
  if (await ports.records.get('COMMAND', key)) return undefined;
  if (!(await existedBefore(weekTimes(week).to, ports))) return undefined;
  const { counts, lines, page } = await readDigest(week, ports);
  const filed = await ports.digests.read(digestKey(week));
  const hash = filed?.hash ?? (await ports.digests.createOnce(digestKey(week), page));
  await changeLog(
    DESK,
    { key, body: { week } },
    async () => ({
      entries: [{ type: 'digest.filed', actor: BY, payload: { week, counts, digest: { key: digestKey(week), hash } } }],
      records: announce('digest', { week, lines, occasion: week }, ports.now()), // about no strategy: the matrix says who is told
      reply: { week },
    }),
    ports,
  );
  return week;
}

async function existedBefore(end: string, { ledger }: SendDigestPorts): Promise<boolean> {
  const page = await ledger.page(DESK, { from: 0, limit: 1, order: 'asc' });
  const [first] = page?.entries ?? [];
  return first !== undefined && String(Object(first.entry)['at']) < end;
}
