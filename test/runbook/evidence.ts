import { generateKeyPairSync } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { type ChangeManifest, readManifest } from '../../domain/launch/change-manifest.ts';
import { CiAttestation, ciAttestationKey } from '../../domain/launch/ci-attestation.ts';
import { DsseEnvelope } from '../../domain/launch/dsse.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { installationOf } from '../../local/host/installation.ts';
import { demoCiKey } from '../../local/seed/demo-keys.ts';
import { type ManifestKey, signManifest } from '../../local/seed/sign-manifest.ts';
import type { LocalHost } from '../../rehearsal/local-host.ts';

const Local = z.looseObject({ bucket: z.string() });
const JsonObject = z.record(z.string(), z.unknown());
const Installation = z.looseObject({ manifestKey: z.object({ privateKey: z.string(), publicKey: z.string() }) });

/** Parameters whose orders stay so far from the price that hardly anybody takes them, and still inside the smoke's bands. */
export const HARDLY_FILLED = { quoteOffsetBps: 24, takeEverySeconds: 3600 };

/** The evidence bucket as files: what the approval process put there, and what somebody with a disk could do to it. */
export type Evidence = Awaited<ReturnType<typeof evidenceOf>>;

export async function evidenceOf({ data }: LocalHost) {
  const { bucket } = Local.parse(JSON.parse(await readFile(join(data, 'local.json'), 'utf8')));
  const path = (key: string) => join(data, 's3', bucket, key);
  const read = (key: string) => readFile(path(key), 'utf8');
  const write = (key: string, text: string) => writeFile(path(key), text);
  const manifestKey = (strategy: string) => `reports/change_manifest/${strategy}.dsse.json`;
  const parametersKey = (strategy: string) => `configs/strategies/${strategy}/parameters.json`;
  const manifestOf = async (strategy: string): Promise<ChangeManifest> => {
    const found = readManifest(Buffer.from(await read(manifestKey(strategy))));
    if (typeof found === 'string') throw new Error(found);
    return found.manifest;
  };
  const trusted = async () =>
    Installation.parse(JSON.parse(await readFile(join(data, 'installation.json'), 'utf8'))).manifestKey;

  const signedManifest = async (
    strategy: string,
    { artifact, ...changes }: Partial<ChangeManifest['predicate']> & { artifact?: string },
    key?: ManifestKey,
  ): Promise<string> => {
    const { subject, predicate, ...manifest } = await manifestOf(strategy);
    const named = subject.map((each) => ({ ...each, ...(artifact && { digest: { sha256: artifact } }) }));
    const changed = { ...manifest, subject: named, predicate: { ...predicate, ...changes } };
    return JSON.stringify(signManifest(changed, key ?? (await trusted())));
  };

  return {
    read,
    manifestOf,
    /** The demo key that signs manifests. */
    trustedKey: trusted,
    /** Where the CI attestation of the approved commit stands. */
    ciKey: async (strategy: string) => ciAttestationKey((await manifestOf(strategy)).predicate.commit),
    /** The attestation with changes, really signed by the CI key of this installation, or by another one. */
    async signedByCi(text: string, change: (from: CiAttestation) => object, key?: ManifestKey): Promise<string> {
      const { payload } = DsseEnvelope.parse(JSON.parse(text));
      const statement = CiAttestation.parse(JSON.parse(Buffer.from(payload, 'base64').toString('utf8')));
      const installation = await installationOf(data);
      return JSON.stringify(signManifest({ ...statement, ...change(statement) }, key ?? demoCiKey(installation)));
    },
    manifestKey,
    parametersKey,
    limitsKey: 'configs/risk/limits.yaml',
    /** Artifacts stand beside the bucket, where the engines load them from. */
    artifactKey: (digest: string) => `../../artifacts/${digest.replace(':', '-')}`,
    /** Does something to an object for as long as `meanwhile` runs, then puts the old one back. */
    async tampered<T>(
      key: string,
      change: (text: string) => string | undefined,
      meanwhile: () => Promise<T>,
    ): Promise<T> {
      const before = await read(key);
      const after = change(before);
      await (after === undefined ? rm(path(key)) : write(key, after));
      try {
        return await meanwhile();
      } finally {
        await write(key, before);
      }
    },
    /** The manifest with changes, really signed: by the trusted key, or by one that nobody trusts. */
    signedManifest,
    /** What a new approval looks like: other parameters, and a manifest of the trusted key that names their digest. */
    async approve(strategy: string, changes: Record<string, unknown>): Promise<void> {
      const key = parametersKey(strategy);
      const parameters = { ...JsonObject.parse(JSON.parse(await read(key))), ...changes };
      await write(key, JSON.stringify(parameters));
      await write(manifestKey(strategy), await signedManifest(strategy, { parametersDigest: digestOf(parameters) }));
    },
  };
}

/** A key of somebody whom the control plane was never told to trust. */
export function strangersKey(): ManifestKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  };
}

/** The envelope with another signature list. */
export const resigned = (envelope: string, signatures: DsseEnvelope['signatures']): string =>
  JSON.stringify({ ...JsonObject.parse(JSON.parse(envelope)), signatures });
