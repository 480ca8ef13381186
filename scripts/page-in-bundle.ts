import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

const page = join(import.meta.dirname, '../page');

/** The signing page's program and style, each as one text, for browsers of the last three years. */
export async function bundledPage(): Promise<{ script: string; style: string }> {
  const { outputFiles } = await build({
    ...{ entryPoints: { script: join(page, 'main.ts'), style: join(page, 'style.css') }, outdir: 'page' },
    ...{ bundle: true, minify: true, platform: 'browser', format: 'iife', target: ['es2023', 'safari17'] },
    ...{ legalComments: 'none', charset: 'utf8', write: false, logLevel: 'silent' },
  });
  const textOf = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text.trim() ?? '';
  return { script: textOf('.js'), style: textOf('.css') };
}

/** Puts the page into the bundle that serves it, in place of the empty `api/page-assets.ts`. */
export const pageInBundle: Plugin = {
  name: 'page-in-bundle',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]api[\\/]page-assets\.ts$/ }, async () => ({
      contents: `export const pageAssets = ${JSON.stringify(await bundledPage())};`,
      loader: 'js',
    }));
  },
};
