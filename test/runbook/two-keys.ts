import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod';

const BUILT = 'cdk.out';
const TEMPLATE = 'TradePulse.template.json';

const Template = z.looseObject({ Resources: z.record(z.string(), z.looseObject({ Type: z.string() })) });

/**
 * The template as `-c checkpointKeys=2` synthesizes it (test/lib/ledger-guard.test.ts): one more key, named second wherever the
 * first one is. Made from the built template, since synthesizing takes ten seconds; everything else is a link to the build.
 */
export async function twoKeysIn(folder: string): Promise<void> {
  const names = await readdir(BUILT);
  await Promise.all(
    names.filter((name) => name !== TEMPLATE).map((name) => symlink(resolve(BUILT, name), join(folder, name))),
  );
  const template = Template.parse(JSON.parse(await readFile(join(BUILT, TEMPLATE), 'utf8')));
  const [first] = Object.keys(template.Resources).filter((id) => id.startsWith('CheckpointKeysKey1'));
  const key = first && template.Resources[first];
  if (!key) throw new Error('the built template has no key that signs checkpoints');
  const second = 'CheckpointKeysKey2';
  const named = JSON.stringify(template).replaceAll(
    `"CHECKPOINT_KEY_IDS":{"Ref":"${first}"}`,
    `"CHECKPOINT_KEY_IDS":{"Fn::Join":[",",[{"Ref":"${first}"},{"Ref":"${second}"}]]}`,
  );
  const both = Template.parse(JSON.parse(named));
  await writeFile(join(folder, TEMPLATE), JSON.stringify({ ...both, Resources: { ...both.Resources, [second]: key } }));
}
