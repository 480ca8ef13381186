import type { Context } from '../context.ts';
import { makeKeyFile } from '../manifest/key-file.ts';

export type ManifestKeygenOptions = { readonly id: string; readonly file: string };

/** Makes a key that signs manifests. Its file stays with its holder; its public half goes into config/manifest-keys.yaml. */
export async function manifestKeygen(
  { out, surroundings }: Context,
  { id, file }: ManifestKeygenOptions,
): Promise<void> {
  const { publicKey } = await makeKeyFile(file, id);
  const from = surroundings.now().toISOString();
  out.step('succeeded', `${file} is made: whoever reads it can sign as ${id}`, undefined, { id, file, publicKey });
  out.note('  for config/manifest-keys.yaml:');
  out.note(`  - id: ${id}\n    publicKey: ${publicKey}\n    holder: <your subject id>\n    from: ${from}`);
}
