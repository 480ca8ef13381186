import * as z from 'zod';
import { problemLines, readYaml } from '../../adapters/yaml/read-yaml.ts';
import { Digest, StrategyId } from '../../domain/ids.ts';
import { manifestKey } from '../../domain/launch/change-manifest.ts';
import { checkChangeApproval } from '../../domain/launch/check-change-approval.ts';
import { gateResult } from '../../domain/launch/finding.ts';
import { digestOfBytes } from '../../domain/ledger/digest.ts';
import { TrustedKey } from '../../domain/manifest/trusted-key.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { ExitWith } from '../exit-with.ts';
import { findingLine } from '../follow/require-success.ts';
import { readEnvelope } from '../manifest/envelope-file.ts';
import { readSmallFile } from '../manifest/small-file.ts';

export type ManifestVerifyOptions = {
  readonly trustedKeys: string;
  readonly strategy?: string;
  readonly env?: string;
  readonly artifact?: string;
  readonly ticket?: string;
};

const MAX_BYTES = 1_000_000;
const TrustedKeysFile = z.object({ keys: z.array(TrustedKey) });
const Asked = z.object({ strategy: StrategyId, artifact: Digest.optional() });

/** Judges a signed manifest from its bytes and a list of keys alone: no network, no login. What the ticket says is for the gate to ask. */
export async function manifestVerify(
  { out, surroundings }: Context,
  file: string,
  options: ManifestVerifyOptions,
): Promise<void> {
  const [{ manifest }, bytes, keys] = await Promise.all([
    readEnvelope(file),
    readSmallFile(file, MAX_BYTES),
    trustedKeysIn(options.trustedKeys),
  ]);
  const asked = Asked.safeParse({
    strategy: options.strategy ?? manifest.subject[0]?.name,
    artifact: options.artifact,
  });
  if (!asked.success) throw new CliError('usage', z.prettifyError(asked.error), 'mend what is named');
  const { strategy: strategyId, artifact } = asked.data;
  const request = {
    strategyId,
    environment: options.env ?? manifest.predicate.environment,
    artifact,
    ticket: options.ticket,
  };
  const now = surroundings.now();
  const document = { key: manifestKey(strategyId), bytes, hash: digestOfBytes(bytes), storedAt: now.toISOString() };
  const evidence = { source: file, hash: document.hash, observedAt: now.toISOString() };
  const findings = checkChangeApproval(request, { document, keys: keys.filter(({ use }) => use === 'manifest'), now });
  const gate = gateResult(
    'manifest',
    findings.map((each) => ({ ...each, evidence })),
  );
  const lines = gate.findings.map((each) => `${MARKS[each.verdict]} ${findingLine(each)}`);
  out.result({ ...gate, manifest }, [...lines, gate.summary].join('\n'));
  if (gate.verdict === 'no-go') throw new ExitWith(EXIT_CODES.artifact[0]);
}

const MARKS = { go: '✓', warn: '!', postpone: '✖', 'no-go': '✖' } as const;

async function trustedKeysIn(path: string): Promise<TrustedKey[]> {
  const { value, problems } = readYaml((await readSmallFile(path, MAX_BYTES)).toString('utf8'), TrustedKeysFile);
  if (problems)
    throw new CliError(
      'usage',
      `${path} is not valid:\n${problemLines(path, problems)}`,
      'give a file like config/manifest-keys.yaml',
    );
  return value.keys;
}
