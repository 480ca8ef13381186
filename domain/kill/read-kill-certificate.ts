import * as z from 'zod';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { reportsOf } from '../run-name.ts';
import { CERTIFICATE_FILE, CERTIFICATE_PAGE } from './certificate-files.ts';

const Certificate = z.looseObject({ kind: z.literal('kill-certificate'), run: z.string() });

export type FiledCertificate = {
  run: string;
  /** Where the certificate stands, and the SHA-256 of its bytes there, which the ledger entry `kill.certified` names. */
  record: { key: string; hash: string };
  certificate: z.infer<typeof Certificate>;
  /** The page for people, in Markdown. */
  page: string;
};

/** The certificate of a kill as it was filed. Refuses a run that is unknown, or has none (yet). Throws when what was filed is no certificate. */
export async function readKillCertificate(
  runId: string,
  { records, evidence }: Pick<Ports, 'records' | 'evidence'>,
): Promise<FiledCertificate> {
  const run = await records.get('RUN', runId);
  if (!run) throw new Refusal('UnknownRun', `there is no run ${runId.slice(0, 100)}`, 'look at the list of runs');
  if (run.machine !== 'kill')
    throw new Refusal('NotFound', `${run.id} is a ${run.machine}, no kill`, 'look at the list of runs for the kill');
  const first = run.request['reaffirms'];
  if (typeof first === 'string')
    throw new Refusal('NotFound', `${run.id} repeated a kill`, `ask for the certificate of ${first}`, { run: first });
  const folder = reportsOf(run.strategyId, run.id, run.startedAt);
  const [record, page] = await Promise.all([
    evidence.read(`${folder}/${CERTIFICATE_FILE}`),
    evidence.read(`${folder}/${CERTIFICATE_PAGE}`),
  ]);
  if (!record || !page)
    throw new Refusal(
      'NotFound',
      `${run.id} has no certificate yet`,
      'it is made when every venue says that nothing rests and a second person has confirmed the kill: look at the run',
    );
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return {
    run: run.id,
    record: { key: record.key, hash: record.hash },
    certificate: Certificate.parse(JSON.parse(text(record.bytes))),
    page: text(page.bytes),
  };
}
