import type { LogId } from '../../domain/ledger/ledger-entry.ts';
import type { LedgerArchive } from '../../domain/ports/checkpoints.ts';
import type { S3Evidence } from './s3-evidence.ts';

/** The folder `ledger/<log>/` of the evidence bucket. */
export const s3LedgerArchive = (evidence: S3Evidence): LedgerArchive => ({
  async createOnce(log: LogId, path: string, content: string | Uint8Array): Promise<void> {
    await evidence.createOnce(`ledger/${log}/${path}`, content);
  },
  async read(log: LogId, path: string): Promise<Uint8Array | undefined> {
    return (await evidence.read(`ledger/${log}/${path}`))?.bytes;
  },
});
