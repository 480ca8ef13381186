import type { Run } from '../control-record.ts';
import type { RunId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import type { Registration } from '../registration.ts';
import type { Drill } from './drill.ts';

/** The drill that this kill is; nothing for a real one, which is every kill that is not beyond doubt a drill. */
export async function readDrill(
  runId: RunId,
  { records }: { records: Pick<Ports['records'], 'get'> },
): Promise<Drill | undefined> {
  const drill = await records.get('DRILL', runId);
  if (!drill) return undefined;
  const [run, registration] = await Promise.all([
    records.get('RUN', runId),
    records.get('REGISTRATION', drill.strategyId),
  ]);
  return run && registration && isRehearsal(drill, run, registration) ? drill : undefined;
}

/** In time, the kill that latched, and of a strategy whose configuration still names no live venue. */
const isRehearsal = ({ expiresAt }: Drill, { startedAt, request }: Run, { venues }: Registration): boolean =>
  startedAt <= expiresAt &&
  typeof request['reaffirms'] !== 'string' &&
  venues.every(({ kind }) => kind !== undefined && kind !== 'live');
