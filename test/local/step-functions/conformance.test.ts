import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import * as z from 'zod';
import { fromRoot } from '../../../lib/from-root.ts';

/** Recorded behaviour of the real Step Functions, with a runner of its own; it stands beside the repository, not in it. */
const cases = fromRoot('../shared/asl-conformance');

/** A JSONPath machine took the text "1" for a number there; a JSONata one may not, and the translation kept the recorded answer. */
const notJsonata = ['MAP_STATE_REFERENCE_IN_MAX_CONCURRENCY_PATH'];

const Report = z.object({
  passed: z.int(),
  cases: z.array(z.object({ id: z.string(), result: z.enum(['pass', 'fail', 'skip']) })),
});

it('behaves as the real Step Functions did in every recorded case', {
  timeout: 120_000,
  skip: !existsSync(cases) && 'the recorded cases are not beside this repository',
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  const report = join(folder, 'report.json');
  const host = `"${process.execPath}" "${fromRoot('local/step-functions/serve.ts')}"`;
  const files = globSync('cases/*.json', { cwd: cases }).map((name) => join(cases, name));

  const options = ['--quiet', '--json', report, '--host-log', join(folder, 'host.log'), '--host-command', host];
  await once(
    spawn(process.execPath, [join(cases, 'run-cases.mjs'), ...options, ...files], { cwd: fromRoot('.') }),
    'close',
  );
  const { passed, cases: seen } = Report.parse(JSON.parse(await readFile(report, 'utf8')));
  await rm(folder, { recursive: true, force: true });

  const failed = seen.filter(({ id, result }) => result === 'fail' && !notJsonata.some((name) => id.includes(name)));
  assert.deepEqual(failed, []);
  assert.ok(passed > 350, `${passed} cases passed`);
});
