import type { Run } from '../control-record.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import type { Reviewed } from './findings-of.ts';
import { readEntries } from './read-entries.ts';
import { readGathered } from './read-review-files.ts';

/** What was gathered and audited, with the very entries that it is about: the ledger changes none of them. */
export async function readReviewed(
  subject: Run,
  ports: { readonly evidence: Pick<Ports['evidence'], 'read'>; readonly ledger: Pick<Ports['ledger'], 'page'> },
): Promise<Reviewed> {
  const { facts, audit } = await readGathered(subject, ports);
  const { from, to, strategy } = facts;
  return { facts, audit, entries: await readEntries(LogId.parse(strategy), { from, to }, ports) };
}
