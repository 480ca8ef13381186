import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';

const run = promisify(execFile);
const project = resolve(import.meta.dirname, '../..');
const Report = z.object({
  diagnostics: z.array(
    z.object({ category: z.string(), severity: z.string(), location: z.object({ path: z.string() }) }),
  ),
});

/** Lints the given files under this project's biome.json, and answers which rules each of them breaks (`style/noRestrictedImports`). */
export async function linted(files: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, readonly string[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'tradepulse-rules-'));
  try {
    for (const name of ['biome.json', '.gitignore']) await cp(join(project, name), join(folder, name));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return brokenRules(await lint(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function lint(folder: string): Promise<string> {
  const biome = join(project, 'node_modules/.bin/biome');
  const options = ['lint', '--reporter=json', '--max-diagnostics=none', '.'];
  const { stdout } = await run(biome, options, { cwd: folder }).catch((error: unknown) => withOutput.parse(error));
  return stdout;
}

/** Biome exits with 1 when it finds something, which here is the expected outcome. */
const withOutput = z.object({ code: z.literal(1), stdout: z.string() });

function brokenRules(report: string): ReadonlyMap<string, readonly string[]> {
  const broken = new Map<string, string[]>();
  for (const { category, severity, location } of Report.parse(JSON.parse(report)).diagnostics) {
    if (severity !== 'error') continue;
    broken.set(location.path, [...(broken.get(location.path) ?? []), category.replace(/^lint\//, '')]);
  }
  return broken;
}
