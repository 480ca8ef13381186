import { BUNDLE_FORMAT, BundleHeader } from '../../domain/ledger/bundle/bundle-header.ts';
import { bundleLines } from '../../domain/ledger/bundle/bundle-lines.ts';
import { canonicalJson } from '../../domain/ledger/canonical-json.ts';
import { checkpointIn } from '../../domain/ledger/checkpoint.ts';
import { signedNoteIn } from '../../domain/ledger/signed-note.ts';
import type { ApiClient } from '../api-client.ts';
import { writeBundle } from '../audit/write-bundle.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { logPages } from '../ledger/log-pages.ts';
import { Checkpoints, ConsistencyProof } from '../replies.ts';

export type ExportOptions = {
  readonly log: string;
  readonly from: number;
  readonly to?: number;
  readonly ticket?: string;
  readonly out: string;
};

/**
 * Writes a bundle of a log that anybody can verify without us (docs/ledger-format.md): the entries asked for, hashes for the others,
 * and every checkpoint up to the newest. Refuses a file that exists, and entries that no checkpoint covers yet.
 */
export async function auditExport(context: Context, options: ExportOptions): Promise<void> {
  const { out, surroundings } = context;
  const startedAt = surroundings.elapsedMs();
  const api = await context.api('read');
  const header = await headerOf(api, options, surroundings.now());
  const entries = entriesOf(context, api, header);
  const written = await writeBundle(
    options.out,
    bundleLines(header, { entries, checkpoints: checkpointsOf(api, header) }),
  );
  const text = `${options.out}: ${shownOf(header)} of ${header.log}, under the checkpoint of size ${header.size} (${written.lines} lines, ${written.bytes} bytes)`;
  out.step('succeeded', text, surroundings.elapsedMs() - startedAt, { ...header, file: options.out, ...written });
  out.note(
    `\nverify it, anywhere, without us:\n  npx tradepulse-cli audit verify ${options.out} --keys <file of keys you wrote down>`,
  );
}

function shownOf({ from, to, size, ticket }: BundleHeader): string {
  if (ticket !== undefined) return `the entries of ticket ${ticket}`;
  return from === 0 && to === size ? `all ${size} entries` : `entries ${from} to ${to - 1}`;
}

async function headerOf(api: ApiClient, { log, from, to, ticket }: ExportOptions, now: Date): Promise<BundleHeader> {
  const { checkpoint } = await api.get(`/v1/ledger/${encodeURIComponent(log)}/consistency/0`, ConsistencyProof);
  const newest = checkpointIn(signedNoteIn(checkpoint)?.text ?? '');
  if (!newest)
    throw new CliError('parity', `the newest checkpoint of ${log} cannot be read`, 'call the auditor', {
      code: 'LedgerBroken',
    });
  const { size, origin } = newest;
  if (to !== undefined && to > size)
    throw new CliError(
      'state',
      `the newest checkpoint of ${log} covers ${size} entries, fewer than --to ${to}`,
      'leave --to out, or try again in two minutes',
      { code: 'NotCheckpointed' },
    );
  const header = BundleHeader.safeParse({
    ...BUNDLE_FORMAT,
    exportedAt: now.toISOString(),
    from,
    log,
    origin,
    size,
    ticket,
    to: to ?? size,
  });
  if (header.success) return header.data;
  throw new CliError('usage', `${log} has no entries ${from} to ${to ?? size}`, `give 0 <= --from <= --to <= ${size}`);
}

/** Each entry as its canonical text. One that was edited in the store is exported as it is: the verifier shall see it. */
async function* entriesOf({ out, surroundings }: Context, api: ApiClient, { log, size }: BundleHeader) {
  const pages = logPages(api, log, { order: 'asc', from: 0, limit: size }, surroundings.interrupted);
  for await (const { entries } of pages)
    for (const { index, leafHash, entry } of entries) {
      if (index % 5000 === 0 && index > 0) out.transient(`${index} of ${size} entries`);
      yield { index, leafHash, text: canonicalJson(entry) };
    }
}

async function* checkpointsOf(api: ApiClient, { log, size }: BundleHeader) {
  for (let from: number | null | undefined = 0; from != null; ) {
    const page: Checkpoints = await api.get(
      `/v1/ledger/${encodeURIComponent(log)}/checkpoints?from=${from}&limit=500`,
      Checkpoints,
    );
    yield* page.checkpoints.filter((each) => each.size <= size);
    from = page.next;
  }
}
