import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { projectFiles, readProjectFile } from './project-files.ts';

const ambient = /\bnew Date\(\)|\bDate\.now\(|\bMath\.random\(|\brandomUUID\(|\bperformance\.now\(|\bfetch\(/;

describe('the domain', () => {
  it('takes time, randomness and the outside world through its ports', async () => {
    const files = (await projectFiles()).filter((path) => path.startsWith('domain/') && path.endsWith('.ts'));
    const texts = await Promise.all(files.map(async (path) => ({ path, text: await readProjectFile(path) })));

    assert.ok(texts.length > 0);
    assert.deepEqual(
      texts.filter(({ text }) => ambient.test(text)).map(({ path }) => path),
      [],
    );
  });
});

describe('the product code', () => {
  it('never asks whether it runs locally', async () => {
    const files = (await projectFiles()).filter((path) => /^(domain|adapters|lambdas|api)\/.*\.ts$/.test(path));
    const texts = await Promise.all(files.map(async (path) => ({ path, text: await readProjectFile(path) })));
    const asks = /\b(isLocal|IS_LOCAL|NODE_ENV|AWS_SAM_LOCAL)\b|if \(local\b/;

    assert.deepEqual(
      texts.filter(({ text }) => asks.test(text)).map(({ path }) => path),
      [],
    );
  });
});
