import type { Ports } from '../ports/ports.ts';
import { KILL_EVENTS_FOLDER } from './kill-events-folder.ts';

/** Files what happened to a kill. Filing the same event again is fine: what stands there stays. */
export async function fileKillEvent(
  runId: string,
  event: 'requested' | 'confirmed',
  content: Record<string, unknown>,
  { evidence }: Pick<Ports, 'evidence'>,
): Promise<void> {
  const key = `${KILL_EVENTS_FOLDER}${runId}-${event}.json`;
  if (!(await evidence.read(key)))
    await evidence.createOnce(key, `${JSON.stringify({ event: `kill.${event}`, ...content })}\n`);
}
