import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stageNamed } from '../../lib/stage.ts';

describe('stageNamed', () => {
  it('locks evidence in production so that nobody, root included, shortens it', () => {
    assert.deepEqual([stageNamed('prod').evidenceLock, stageNamed('dev').evidenceLock], ['COMPLIANCE', 'GOVERNANCE']);
  });

  it('refuses a misspelt stage instead of deploying as another', () => {
    assert.throws(() => stageNamed('production'), /there is no stage 'production'/);
  });
});
