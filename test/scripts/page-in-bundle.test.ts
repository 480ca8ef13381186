import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { bundledPage, pageInBundle } from '../../scripts/page-in-bundle.ts';

const { script, style } = await bundledPage();

describe('the page in the bundle', () => {
  it('is one program and one style, which end no element before its time, and small', () => {
    assert.doesNotMatch(script + style, /<\/?(script|style)/i);
    assert.ok(gzipSync(script + style).length < 20_000, `${gzipSync(script + style).length} bytes in gzip`);
  });

  it('takes the place of the empty one', async () => {
    const { outputFiles } = await build({
      ...{ entryPoints: ['api/page-assets.ts'], bundle: true, format: 'esm', write: false, plugins: [pageInBundle] },
    });
    const code = outputFiles[0]?.text ?? '';

    const { pageAssets } = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);

    assert.deepEqual(pageAssets, { script, style });
  });

  it('is the same from the same source', async () => {
    assert.deepEqual(await bundledPage(), { script, style });
  });
});
