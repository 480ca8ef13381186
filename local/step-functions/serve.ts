import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStepFunctions } from './start-step-functions.ts';

/**
 * The engine alone, for conformance runs: `node local/step-functions/serve.ts`. Reads PORT (or ENDPOINT), the two
 * AWS_ENDPOINT_URL_* of its tasks, AWS_ACCESS_KEY_ID, AWS_REGION and SFN_DATA (default: a fresh temporary file).
 */
const { env } = process;
const endpoint = env['ENDPOINT'] ? new URL(env['ENDPOINT']).port : '0';
const stepFunctions = await startStepFunctions({
  dataPath: env['SFN_DATA'] ?? join(mkdtempSync(join(tmpdir(), 'step-functions-')), 'sfn.db'),
  region: env['AWS_REGION'] ?? 'us-east-1',
  port: Number(env['PORT'] ?? endpoint),
  lambdaEndpoint: env['AWS_ENDPOINT_URL_LAMBDA'] ?? '',
  eventBridgeEndpoint: env['AWS_ENDPOINT_URL_EVENTBRIDGE'] ?? '',
  ...(env['AWS_ACCESS_KEY_ID'] !== undefined && { accessKeyId: env['AWS_ACCESS_KEY_ID'] }),
  onStatusChange: async () => {},
  onFault: (problem) => {
    process.stderr.write(`${problem}\n`);
    process.exitCode = 1;
  },
});
process.stdout.write(`Step Functions at ${stepFunctions.url}\n`);
process.once('SIGTERM', () => void stepFunctions.stop());
