import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/** `export var PutObject$ = [ ... ];` at the start of a line: the shape of one operation or structure of a service. */
const schema = /^((?:export )?var [\w$]+ = )(\[[\s\S]*?\]);$/gm;

/**
 * Leaves out of bundles what no Lambda uses of the AWS SDK: ways to find credentials that a Lambda never takes, and the
 * schemas of operations that are never called. Those are arrays with computed keys, which esbuild must think have effects;
 * wrapped as a pure call each one is dropped unless something refers to it. (S3 has 470.) Together 265 -> 214 kB gzip.
 */
export const leanAwsSdk: Plugin = {
  name: 'lean-aws-sdk',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({
      path: join(import.meta.dirname, 'lambda-credentials.ts'),
    }));
    onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(schema, '$1/* @__PURE__ */ (() => $2)();'),
      loader: 'js',
    }));
  },
};
