import { canonicalJson } from '../../domain/ledger/canonical-json.ts';
import { digestOfBytes } from '../../domain/ledger/digest.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { KillCertificate } from '../replies.ts';

/** Runbook 5.1.2: the certificate of a kill, as a page or as JSON. Its digest is computed here again: it is what `kill.certified` in the ledger has to name. */
export async function killCertificate(context: Context, run: string): Promise<void> {
  const { out } = context;
  const api = await context.api('read');
  const filed = await api.get(`/v1/runs/${encodeURIComponent(run)}/kill-certificate`, KillCertificate);
  const digest = digestOfBytes(`${canonicalJson(filed.certificate)}\n`);
  if (digest !== filed.record.hash)
    throw new CliError(
      'parity',
      `the certificate has the digest ${digest}, and was filed as ${filed.record.hash}`,
      'trust neither: read kill-certificate.json in the evidence bucket, and its digest in the ledger entry kill.certified',
    );
  out.result(filed, filed.page);
  out.note(`digest ${digest}`);
  out.note(
    `  the ledger has to name it: ${context.command(`ledger ${filed.certificate.strategy} --run ${filed.run} --type kill.certified --output jsonl`)}`,
  );
}
