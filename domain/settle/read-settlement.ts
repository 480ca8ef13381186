import type { Run } from '../control-record.ts';
import type { Digest } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { runKey } from '../run-key.ts';
import { Settlement } from './settlement.ts';

/** In the folder of the stop, and, once that is archived, of its trading run. */
export const SETTLEMENT_FILE = 'settle.json';

/** The settlement of a run as it was archived, with the digest of its bytes; nothing where it was not settled. */
export async function readSettlement(
  run: Pick<Run, 'id' | 'strategyId' | 'startedAt'>,
  { evidence }: Pick<Ports, 'evidence'>,
): Promise<{ settlement: Settlement; hash: Digest } | undefined> {
  const document = await evidence.read(runKey(run, SETTLEMENT_FILE));
  if (!document) return undefined;
  return { settlement: Settlement.parse(JSON.parse(new TextDecoder().decode(document.bytes))), hash: document.hash };
}
