import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { isDeep } from '../is-deep.ts';
import { synthesized } from './synthesized.ts';

const absent = isDeep && spawnSync('cfn-lint', ['--version']).status !== 0;
const skip = isDeep ? absent && 'cfn-lint is not installed here (pip install cfn-lint)' : 'npm run test:deep runs it';

it('cfn-lint finds no error in the template and its nested stacks', {
  skip,
}, () => {
  const { directory } = synthesized();
  const templates = globSync('*.template.json', { cwd: directory }).map((name) => join(directory, name));

  const { status, stdout } = spawnSync('cfn-lint', ['--non-zero-exit-code', 'error', '--', ...templates], {
    encoding: 'utf8',
  });

  assert.equal(templates.length, 2);
  assert.equal(status, 0, stdout);
});
