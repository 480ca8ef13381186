import { existsSync } from 'node:fs';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { fromRoot } from './from-root.ts';

/** The code of a Lambda by its name, e.g. `launch/lock-deployment`. Tests give inline code, the app the built bundles. */
export type LambdaCode = (name: string) => Code;

/** The bundles of `npm run bundle`. Throws for a Lambda that was never built: it has no file, or the build is old. */
export const builtLambda: LambdaCode = (name) => {
  const folder = fromRoot('build/lambdas', name);
  if (!existsSync(folder))
    throw new Error(`no bundle of lambdas/${name}.ts in ${folder}; write that file, then run: npm run bundle`);
  return Code.fromAsset(folder);
};
