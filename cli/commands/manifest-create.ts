import * as z from 'zod';
import { problemLines, readYaml, type YamlRead } from '../../adapters/yaml/read-yaml.ts';
import { sha256 } from '../../domain/crypto/sha256.ts';
import { Digest, StrategyId } from '../../domain/ids.ts';
import { ChangeManifest, MANIFEST_PREDICATE_TYPE } from '../../domain/launch/change-manifest.ts';
import { RiskLimits } from '../../domain/launch/risk-limits.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { readSmallFile, writeNewFile } from '../manifest/small-file.ts';

export type ManifestCreateOptions = {
  readonly strategy: string;
  readonly artifact: string;
  readonly parameters: string;
  readonly limits: string;
  readonly ticket: string;
  readonly commit: string;
  readonly ciRun: string;
  readonly env: string;
  readonly expires: number;
  readonly out?: string;
};

const MAX_ARTIFACT_BYTES = 2_000_000_000;
const MAX_DOCUMENT_BYTES = 1_000_000;

/** Makes the statement that people sign to approve a change: digests of artifact, parameters and limits, never the files themselves (runbook 1.1). */
export async function manifestCreate(context: Context, options: ManifestCreateOptions): Promise<void> {
  const { out, surroundings, command } = context;
  const now = surroundings.now();
  const [artifact, parametersDigest, limitsDigest] = await Promise.all([
    artifactOf(options.artifact),
    parametersOf(options.parameters),
    limitsOf(options.limits, options.strategy),
  ]);
  const statement = ChangeManifest.safeParse({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: options.strategy, digest: { sha256: artifact.slice('sha256:'.length) } }],
    predicateType: MANIFEST_PREDICATE_TYPE,
    predicate: {
      environment: options.env,
      ticket: options.ticket,
      ciRun: options.ciRun,
      commit: options.commit,
      parametersDigest,
      limitsDigest,
      issuedAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + options.expires).toISOString(),
    },
  });
  if (!statement.success)
    throw new CliError('usage', `this is no manifest: ${z.prettifyError(statement.error)}`, 'mend what is named');
  const text = JSON.stringify(statement.data, null, 2);
  if (options.out === undefined) return out.result(statement.data, text);
  await writeNewFile(options.out, `${text}\n`);
  out.step(
    'succeeded',
    `${options.out}: ${options.strategy} for ${options.ticket}, good until ${statement.data.predicate.expiresAt}`,
    undefined,
    {
      file: options.out,
      statement: statement.data,
    },
  );
  out.note(`  have it signed: ${command(`manifest sign ${options.out} --key <file> --out <file>`)}`);
}

async function artifactOf(text: string): Promise<string> {
  if (Digest.safeParse(text).success) return text;
  if (text.startsWith('sha256:'))
    throw new CliError('usage', `'${text}' is no digest`, 'give sha256: and 64 hex digits, or a file');
  return `sha256:${sha256(await readSmallFile(text, MAX_ARTIFACT_BYTES)).toString('hex')}`;
}

async function parametersOf(path: string): Promise<string> {
  const text = (await readSmallFile(path, MAX_DOCUMENT_BYTES)).toString('utf8');
  return digestOf(valueIn(path, readYaml(text, z.record(z.string(), z.unknown()))));
}

async function limitsOf(path: string, strategy: string): Promise<string> {
  const text = (await readSmallFile(path, MAX_DOCUMENT_BYTES)).toString('utf8');
  const { strategies } = valueIn(path, readYaml(text, RiskLimits));
  const id = StrategyId.safeParse(strategy).data;
  const limits = id && strategies[id];
  if (!limits)
    throw new CliError('usage', `${path} has no limits for ${strategy}`, 'name the strategy as that file does');
  return digestOf(limits);
}

function valueIn<Value>(path: string, read: YamlRead<Value>): Value {
  if (!read.problems) return read.value;
  throw new CliError('usage', `${path} is not valid:\n${problemLines(path, read.problems)}`, 'mend what is named');
}
