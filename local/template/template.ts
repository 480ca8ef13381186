import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** One resource as CDK wrote it: its properties may hold intrinsics. */
export const TemplateResource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
export type TemplateResource = z.infer<typeof TemplateResource>;

const Template = z.object({
  Parameters: z
    .record(z.string(), z.object({ Default: z.string().optional(), AllowedPattern: z.string().optional() }))
    .default({}),
  Resources: z.record(z.string(), TemplateResource),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })).default({}),
});
export type Template = z.infer<typeof Template>;

/** Reads a synthesized template. Throws, naming the file and the command that makes it, when it is missing or no template. */
export function readTemplate(folder: string, file: string): Template {
  return read(Template, folder, file);
}

const Assets = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string() }),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
    }),
  ),
});

/** Where each asset of `<stack>.assets.json` lies, by the object key that templates name it with. */
export function readAssets(folder: string, stackName: string): ReadonlyMap<string, string> {
  const { files } = read(Assets, folder, `${stackName}.assets.json`);
  return new Map(
    Object.values(files).flatMap(({ source, destinations }) =>
      Object.values(destinations).map(({ objectKey }) => [objectKey, join(folder, source.path)] as const),
    ),
  );
}

function read<T>(schema: z.ZodType<T>, folder: string, file: string): T {
  const path = join(folder, file);
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${path} cannot be read as synthesized by the CDK: ${reason}. Run: npm run synth`, { cause });
  }
}
