import { signEnvelope } from '../../domain/manifest/sign-envelope.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { readStatementOrEnvelope } from '../manifest/envelope-file.ts';
import { readKeyFile } from '../manifest/key-file.ts';
import { writeNewFile } from '../manifest/small-file.ts';

export type ManifestSignOptions = { readonly key: string; readonly out?: string };

/** Adds the signature of one person. Several may sign, each once; nothing is asked of the control plane. */
export async function manifestSign(
  { out, command }: Context,
  file: string,
  { key: path, out: to }: ManifestSignOptions,
): Promise<void> {
  const [{ envelope, manifest }, key] = await Promise.all([readStatementOrEnvelope(file), readKeyFile(path)]);
  if (envelope.signatures.some(({ keyid }) => keyid === key.id || keyid === key.publicKey))
    throw new CliError('usage', `${key.id} has signed this already`, 'let somebody else sign, or publish it');
  const signed = signEnvelope(envelope, key.id, key.privateKey);
  const text = JSON.stringify(signed, null, 2);
  if (to === undefined) return out.result(signed, text);
  await writeNewFile(to, `${text}\n`);
  const { ticket } = manifest.predicate;
  out.step(
    'succeeded',
    `${to}: signed by ${signed.signatures.map(({ keyid }) => keyid).join(', ')} for ${ticket}`,
    undefined,
    {
      file: to,
      signatures: signed.signatures.length,
    },
  );
  out.note(`  publish it: ${command(`manifest publish ${to}`)}`);
}
