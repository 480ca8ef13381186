import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { projectFiles } from './project-files.ts';

const kinds = ['common', 'constants', 'helpers', 'index', 'misc', 'shared', 'types', 'utils'];

describe('file names', () => {
  it('say what a file exports, never what kind of thing it is', async () => {
    const paths = (await projectFiles()).filter((path) => path.endsWith('.ts'));

    assert.deepEqual(
      paths.filter((path) => kinds.includes(basename(path, '.ts'))),
      [],
    );
  });
});
