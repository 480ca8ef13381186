import type { ControlRecords } from '../../domain/ports/strategies.ts';

const RENEWED_MS = 2_000;
const MOST_KEYS = 1_000;

type HaltingDevice = { readonly keyid: string; readonly publicKey: string };
type Outside = { readonly elapsedMs: () => number; readonly failed: (error: unknown) => void };

/** The active device keys, from memory; read again behind the answer when that is older than two seconds. Nothing before the first time. */
export function deviceKeyList(records: Pick<ControlRecords, 'list'>, { elapsedMs, failed }: Outside) {
  let known: readonly HaltingDevice[] | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  const read = async () => {
    const credentials = await records.list('CREDENTIAL', { limit: MOST_KEYS });
    known = credentials.flatMap((each) =>
      each.type === 'device-key' && each.status === 'active' ? [{ keyid: each.id, publicKey: each.publicKey }] : [],
    );
  };
  return (): readonly HaltingDevice[] | undefined => {
    if (elapsedMs() - askedAt >= RENEWED_MS) {
      askedAt = elapsedMs();
      read().catch(failed);
    }
    return known;
  };
}
