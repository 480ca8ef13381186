import { afterEach, beforeEach, mock } from 'node:test';

/** Catches what Lambdas print, between the tests of a file. */
export function logLines(): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  beforeEach(() => {
    lines.length = 0;
    mock.method(console, 'log', (line: string) => lines.push(JSON.parse(line)));
  });
  afterEach(() => mock.restoreAll());
  return lines;
}

/** What the runtime tells a function of itself. */
export const context = {
  functionName: 'open-run',
  awsRequestId: 'request-1',
  functionVersion: '1',
  invokedFunctionArn: 'arn',
  memoryLimitInMB: '512',
  logGroupName: 'group',
  logStreamName: 'stream',
  callbackWaitsForEmptyEventLoop: false,
  getRemainingTimeInMillis: () => 1000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};
