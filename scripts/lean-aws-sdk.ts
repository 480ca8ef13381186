import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import * as z from 'zod';

/** `export var PutObject$ = [ ... ];` at the start of a line: the shape of one operation or structure of a service. */
const schema = /^((?:export )?var [\w$]+ = )(\[[\s\S]*?\]);$/gm;

/**
 * Leaves out of bundles what no Lambda uses of the AWS SDK: ways to find credentials that a Lambda never takes, and the
 * schemas of operations that are never called. Those are arrays with computed keys, which esbuild must think have effects;
 * wrapped as a pure call each one is dropped unless something refers to it. (S3 has 470.) Together 265 -> 214 kB gzip.
 * Of a client's package.json only its version is read, for the user agent.
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
    onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/ }, ({ path }) => ({
      contents: JSON.stringify({ version: versionIn(readFileSync(path, 'utf8')) }),
      loader: 'json',
    }));
  },
};

const Package = z.object({ version: z.string() });

const versionIn = (text: string): string => Package.parse(JSON.parse(text)).version;
