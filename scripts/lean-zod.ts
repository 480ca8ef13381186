import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/** `export function name(` and `export const name =` at the start of a line: all that these two modules of zod export. */
const exported = /^export (?:function|const) (\w+)/gm;

/** What is called while a schema is made, and so has to return something. */
const made: Readonly<Record<string, string>> = {
  createToJSONSchemaMethod: '() => absent',
  createStandardJSONSchemaMethod: '() => absent',
  aggregateChecks: '() => ({})',
};

/** Leaves zod's writer of JSON Schema out of bundles, where the documents that need it are finished (`documentsInBundle`): 6 kB gzip in each. */
export const leanZod: Plugin = {
  name: 'lean-zod',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]core[\\/](?:to-json-schema|json-schema-processors)\.js$/ }, ({ path }) => ({
      contents: [
        "const absent = () => { throw new TypeError('no JSON Schema is written in a bundle'); };",
        ...[...readFileSync(path, 'utf8').matchAll(exported)].map(
          ([, name = '']) => `export const ${name} = ${made[name] ?? 'absent'};`,
        ),
      ].join('\n'),
      loader: 'js',
    }));
  },
};
