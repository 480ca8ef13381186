import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ArchiveView } from '../../domain/archive/archive-view.ts';
import type { ArchivedFile } from '../../domain/archive/manifest.ts';
import {
  type ArchiveFinding,
  judgeChain,
  judgeFile,
  type RecordedManifest,
} from '../../domain/archive/verify-archive.ts';
import type { ApiClient } from '../api-client.ts';
import { downloadFile } from '../archive/download-file.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { logPages } from '../ledger/log-pages.ts';
import { harmless } from '../output/harmless.ts';
import { utc } from '../output/marks.ts';
import { table } from '../output/table.ts';
import { ArchivedEntry, Archives } from '../review-replies.ts';

export type ArchiveLsOptions = { readonly strategy?: string; readonly date?: string };

/** Archives of trading runs, newest first. */
export async function archiveLs({ out, api }: Context, { strategy, date }: ArchiveLsOptions): Promise<void> {
  const query = new URLSearchParams({ ...(strategy && { strategy }), ...(date && { date }) });
  const { archives } = await (await api('read')).get(`/v1/archives?${query}`, Archives);
  if (out.format === 'jsonl') return archives.forEach((each) => void out.result(each, ''));
  const rows = archives.map((each) => [
    ...[each.id, utc(each.startedAt), each.files, each.missing, each.parts, each.ticket ?? '-', each.first],
  ]);
  const head = ['run', 'launched', 'files', 'missing', 'manifests', 'ticket', 'first manifest'];
  out.result(undefined, table(out.paint, head, rows, 'nothing is archived'));
}

/** Downloads an archive into a folder that holds none of its files yet, every file checked against its manifest, and each manifest against its digest, before it is written. */
export async function archiveGet(context: Context, run: string, options: { readonly out?: string }): Promise<void> {
  const { out } = context;
  const api = await context.api('read');
  const archive = await readArchive(api, run);
  const folder = resolve(options.out ?? archive.run);
  const files = archive.manifests.flatMap(({ manifest }) => manifest.files);
  for (const [at, file] of files.entries()) {
    out.transient(`${at + 1} of ${files.length}: ${file.path}`);
    const bytes = await downloadFile(api, archive.run, file.path);
    requireWhole(judgeFile(file, bytes));
    if (bytes) await writeNew(join(folder, file.path), bytes);
  }
  for (const { file, digest } of archive.manifests) {
    const bytes = await downloadFile(api, archive.run, file);
    requireWhole(judgeFile({ path: file, sha256: digest }, bytes));
    if (bytes) await writeNew(join(folder, file), bytes);
  }
  const missing = archive.manifests.flatMap(({ manifest }) => manifest.missing);
  for (const each of missing) out.note(harmless(`  not archived: ${each.file}: ${each.why}`));
  const text = `${files.length} files of ${archive.run} in ${folder}`;
  out.step('succeeded', text, undefined, { run: archive.run, folder, files: files.length, missing: missing.length });
}

/**
 * Downloads every file of an archive, recomputes every digest, and compares the chain of manifests with what the ledger recorded.
 * Tells every difference, the first one first, and ends with 5 where there is one.
 */
export async function archiveVerify(context: Context, run: string): Promise<void> {
  const { out } = context;
  const api = await context.api('read');
  const archive = await readArchive(api, run);
  const manifests = await downloaded(api, archive);
  const chain = judgeChain(archive.run, manifests, await recordedIn(context, api, archive));
  const wrong = [...chain.findings];
  for (const [at, file] of chain.files.entries()) {
    out.transient(`${at + 1} of ${chain.files.length}: ${file.path}`);
    wrong.push(...judgeFile(file, await downloadFile(api, archive.run, file.path)));
  }
  requireWhole(wrong);
  const bytes = chain.files.reduce((sum, { size }: ArchivedFile) => sum + size, 0);
  const text = `${archive.run}: ${chain.files.length} files (${bytes} bytes) are what ${manifests.length} manifests say, and those are in the ledger`;
  out.step('succeeded', text, undefined, {
    run: archive.run,
    files: chain.files.length,
    manifests: manifests.length,
    bytes,
  });
}

const readArchive = (api: ApiClient, run: string): Promise<ArchiveView> =>
  api.get(`/v1/runs/${encodeURIComponent(run)}/archive`, ArchiveView);

const downloaded = (api: ApiClient, { run, manifests }: ArchiveView) =>
  Promise.all(
    manifests.map(async ({ file }) => ({ file, bytes: (await downloadFile(api, run, file)) ?? new Uint8Array() })),
  );

/** What the strategy's ledger says: read page by page from the ledger itself, not from what shows the archive. */
async function recordedIn(
  { surroundings }: Context,
  api: ApiClient,
  { run, strategy }: ArchiveView,
): Promise<RecordedManifest[]> {
  const recorded: RecordedManifest[] = [];
  const query = { order: 'asc' as const, type: 'run.archived', run };
  for await (const { entries } of logPages(api, strategy, query, surroundings.interrupted))
    for (const { entry } of entries) {
      const { part, manifest } = ArchivedEntry.parse(entry).payload;
      recorded.push({ part, hash: manifest.hash });
    }
  return recorded;
}

function requireWhole(findings: readonly ArchiveFinding[]): void {
  const [first] = findings;
  if (!first) return;
  throw new CliError(
    'parity',
    harmless(`${first.file} is ${first.actual}, expected ${first.expected}`),
    findings.length > 1 ? `${findings.length - 1} more differ; call the auditor` : 'call the auditor',
    { code: 'ArchiveBroken', facts: { findings: findings.slice(0, 50) } },
  );
}

async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new CliError('usage', `${path} is there already`, 'give --out <an empty folder>', { code: 'FileExists' });
  });
}
