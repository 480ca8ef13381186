import { change } from '../change.ts';
import type { Run } from '../control-record.ts';
import { ActorId, type Digest, type RunId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import type { LogPorts } from '../review/read-entries.ts';
import { readRun } from '../run-evidence.ts';
import { runKey } from '../run-key.ts';
import { hashedFiles, isNamed, pathsOf } from './archive-folder.ts';
import { copyRuns, runsNamed } from './copy-runs.ts';
import type { MissingFile } from './manifest.ts';
import { readChain, type StoredManifest } from './read-chain.ts';
import { runEntries } from './run-entries.ts';
import { writeManifest } from './write-manifest.ts';

export type ExtendPorts = Pick<Ports, 'strategies' | 'records' | 'evidence' | 'now' | 'jitter'> & LogPorts;

/** An archive as it stands: how many manifests, the digest of the first and of the last, how many files they name, and what the first one missed. */
export type Archived = {
  readonly run: RunId;
  readonly folder: string;
  readonly parts: number;
  readonly first: Digest;
  readonly last: Digest;
  readonly files: number;
  readonly missing: readonly MissingFile[];
};

const SERVICE = ActorId.parse('service:archive');

/**
 * Names what was filed since the last manifest in another one, and sees to it that every manifest of the chain is in the ledger. Nothing for a run
 * that was never archived. It asks no venue, so that whoever files something late may call it.
 */
export async function extendArchive(run: Run, ports: ExtendPorts): Promise<Archived | undefined> {
  const before = await readChain(run, ports);
  const [first] = before;
  if (!first) return undefined;
  await copyRuns(run, await runsNamed((await runEntries(run, ports)).runs, ports), ports);
  const chain = await nameLater(run, before, ports);
  const archived = archivedAs(run, first, chain);
  for (const stored of chain) await recordManifest(run, stored, archived, ports);
  return archived;
}

/** The chain once it names all that stands in the folder: whoever loses a part to another writer goes on from that one. */
async function nameLater(
  run: Run,
  chain: readonly StoredManifest[],
  ports: Pick<Ports, 'evidence' | 'now'>,
  tries = 5,
): Promise<readonly StoredManifest[]> {
  const named = new Set(chain.flatMap(({ manifest }) => manifest.files.map(({ path }) => path)));
  const later = (await pathsOf(run, ports)).filter((path) => isNamed(path) && !named.has(path));
  if (later.length === 0 || tries === 0) return chain;
  await writeManifest(run, chain, { files: await hashedFiles(run, later, ports), missing: [] }, ports);
  return nameLater(run, await readChain(run, ports), ports, tries - 1);
}

function archivedAs(run: Run, first: StoredManifest, chain: readonly StoredManifest[]): Archived {
  const last = chain.reduce((_before, each) => each, first);
  return {
    ...{ run: run.id, folder: runKey(run, ''), parts: chain.length, first: first.digest, last: last.digest },
    files: chain.reduce((sum, { manifest }) => sum + manifest.files.length, 0),
    missing: first.manifest.missing,
  };
}

/** One entry for each manifest, with its digest: from then on nobody can exchange it. */
async function recordManifest(
  run: Run,
  { key, digest, manifest }: StoredManifest,
  { parts, first, last, files, missing }: Archived,
  ports: Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>,
): Promise<void> {
  const { part, previous } = manifest;
  const payload = {
    ...{ part, manifest: { key, hash: digest }, files: manifest.files.length, missing: manifest.missing.slice(0, 50) },
    ...(previous && { previous }),
  };
  const archive = { at: manifest.at, parts, first, last, files, missing: missing.length };
  await change(
    run.strategyId,
    { key: `${run.id}/archive/${part}`, body: digest },
    async (state) => {
      const record = await readRun({ runId: run.id }, ports); // others may have noted something meanwhile
      return {
        state,
        entries: [{ type: 'run.archived', actor: SERVICE, run: run.id, payload }],
        records: part === parts ? [{ kind: 'RUN', record: { ...record, archive } }] : [],
        reply: { part },
      };
    },
    ports,
  );
}
