import * as z from 'zod';
import { Manifest } from '../archive/manifest.ts';
import { runKey } from '../run-key.ts';
import { both, found, type Known, lacking, type Need, type Proof } from './need.ts';
import { unlessTraded } from './occasions.ts';
import { asFiled, citing, Filed } from './recorded.ts';
import type { Rule } from './rule.ts';
import type { SoundEntry } from './sound-log.ts';

const Recorded = z.object({ manifest: Filed });

/** A manifest of the archive that stands as it was recorded. */
type Part = { readonly entry: SoundEntry; readonly manifest: z.infer<typeof Filed>; readonly content: Manifest };

/**
 * Every manifest of the archive is in the ledger, each names the one before it, every file that they name has the digest they give, and nothing that
 * should be there is missing.
 */
const archived: Need = (known) => {
  const entries = known.course.entries.filter(({ entry }) => entry.type === 'run.archived');
  if (entries.length === 0) return lacking('the log has no entry run.archived of this run');
  const parts = entries.map((entry) => partOf(entry, known));
  const whole = parts.filter((each): each is Part => 'content' in each);
  const broken = parts.filter((each): each is Proof => 'missing' in each);
  const named = new Map(whole.flatMap(({ content }) => content.files.map((file) => [file.path, file.sha256] as const)));
  const files = [...named].map(([path, hash]) => asFiled({ key: runKey(known.facts.run, path), hash }, known));
  return both(
    ...broken,
    found(...whole.map(({ entry }) => citing(entry))),
    ...whole.map(({ manifest }) => asFiled(manifest, known)),
    lacking(...files.flatMap(({ missing }) => missing)),
    lacking(...brokenChain(whole), ...absent(whole, named).filter((each) => !isTooShort(each, known))),
  );
};

function partOf(entry: SoundEntry, known: Known): Part | Proof {
  const { data } = Recorded.safeParse(entry.entry.payload);
  if (!data) return lacking('run.archived names no manifest');
  const { manifest } = data;
  const proof = asFiled(manifest, known);
  if (proof.missing.length > 0) return proof;
  const { data: content } = Manifest.safeParse(known.facts.files[manifest.key]?.json);
  if (content?.run !== known.facts.run.id) return lacking(`${manifest.key} is no manifest of this run`);
  return { entry, manifest, content };
}

const brokenChain = (parts: readonly Part[]): string[] =>
  parts.flatMap(({ content, manifest }, at) =>
    content.part === at + 1 && content.previous === parts[at - 1]?.manifest.hash
      ? []
      : [`${manifest.key} does not follow on the manifest before it`],
  );

const MINUTE_MS = 60_000;

/** Telemetry is kept once a minute: of what traded for less than two there is none, and nothing is missing. */
function isTooShort(what: string, { course: { entries } }: Known): boolean {
  const enabled = entries.find(({ entry }) => entry.type === 'launch.enabled');
  const ended = entries.find(({ entry }) => ['stop.requested', 'kill.requested'].includes(entry.type));
  if (!what.startsWith('telemetry.jsonl') || !enabled || !ended) return false;
  return Date.parse(ended.entry.at) - Date.parse(enabled.entry.at) < 2 * MINUTE_MS;
}

/** What a manifest says is missing, and no later one has named. */
const absent = (parts: readonly Part[], named: ReadonlyMap<string, string>): string[] =>
  parts.flatMap(({ content }) =>
    content.missing.filter(({ file }) => !named.has(file)).map(({ file, why }) => `${file}: ${why}`),
  );

/** Runbook 4.5: the archive of the run. */
export const RULES_OF_ARCHIVE = {
  '4.5': {
    unless: unlessTraded,
    needs: archived,
    next: 'see what is missing: tradepulse-cli archive verify <run>',
  },
} as const satisfies Readonly<Record<string, Rule>>;
