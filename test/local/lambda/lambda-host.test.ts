import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { invokeEndpoint } from '../../../local/lambda/invoke-endpoint.ts';
import { createLambdaHost, type LambdaHost } from '../../../local/lambda/lambda-host.ts';

const code = `
let count = 0;
exports.handler = async (event, context) => {
  if (event.do === 'count') return (count += 1);
  if (event.do === 'throw') { const error = new Error('no'); error.name = 'StrategyKilled'; throw error; }
  if (event.do === 'throwText') throw 'text';
  if (event.do === 'hang') while (true);
  if (event.do === 'wait') return new Promise(() => {});
  if (event.do === 'exit') process.exit(3);
  if (event.do === 'reject') { Promise.reject(new Error('forgotten')); return new Promise(() => {}); }
  if (event.do === 'env') return { ...process.env };
  if (event.do === 'priority') return require('node:os').getPriority();
  if (event.do === 'nothing') return undefined;
  if (event.do === 'print') { console.log('a line'); return 1; }
  if (event.do === 'busy') { const end = Date.now() + 30; while (Date.now() < end); return require('node:worker_threads').threadId; }
  return { event, name: context.functionName, arn: context.invokedFunctionArn, memory: context.memoryLimitInMB, id: context.awsRequestId, left: context.getRemainingTimeInMillis() };
};`;

describe('the Lambda host', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lambda-host-'));
  const lines: string[] = [];
  let host: LambdaHost;

  const fn = (name: string, codePath: string, timeoutMs = 5000) => ({
    name,
    arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    codePath,
    handler: 'index.handler',
    timeoutMs,
    memoryMb: 128,
    environment: { TABLE: 'Control' },
    asyncRetries: 2,
  });
  const invoke = async (name: string, event: unknown) => {
    const { payload, failed } = await host.invoke(name, JSON.stringify(event), 'request-1');
    return { failed, value: JSON.parse(payload) };
  };

  before(() => {
    const bundles = { good: code, broken: 'throw new TypeError("at load")', empty: 'exports.other = 1' };
    for (const [name, text] of Object.entries(bundles)) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'index.cjs'), text);
    }
    host = createLambdaHost({
      functions: [
        fn('Good', join(folder, 'good')),
        fn('Short', join(folder, 'good'), 100),
        { ...fn('Entrance', join(folder, 'good')), reserved: 1 },
        { ...fn('Courier', join(folder, 'good')), reserved: 1 },
        fn('Watcher', join(folder, 'good')),
        fn('Broken', join(folder, 'broken')),
        fn('Empty', join(folder, 'empty')),
        fn('Absent', join(folder, 'absent')),
      ],
      environment: { AWS_REGION: 'us-east-1' },
      entrances: new Set(['Entrance']),
      watchers: new Set(['Watcher']),
      onLine: (name, line) => lines.push(`${name}: ${line}`),
    });
  });
  after(async () => {
    await host.end();
    rmSync(folder, { recursive: true });
  });

  it('lets what AWS keeps no executions for wait until the entrances are quiet', async () => {
    await Promise.all([invoke('Entrance', { do: 'count' }), invoke('Good', { do: 'count' })]); // both are loaded
    const ended: string[] = [];

    await Promise.all([
      invoke('Entrance', { do: 'busy' }).then(() => ended.push('entrance')),
      invoke('Good', { do: 'env' }).then(() => ended.push('step')),
    ]);

    assert.deepEqual(ended, ['entrance', 'step']);
  });

  it('lets nothing wait for what has executions of its own and is asked by nobody', async () => {
    await Promise.all([invoke('Courier', { do: 'count' }), invoke('Good', { do: 'count' })]); // both are loaded
    const ended: string[] = [];

    await Promise.all([
      invoke('Courier', { do: 'busy' }).then(() => ended.push('courier')),
      invoke('Good', { do: 'env' }).then(() => ended.push('step')),
    ]);

    assert.deepEqual(ended, ['step', 'courier']);
  });

  it('lets entrances have a core first and then what watches, where threads have priorities', async () => {
    const names = ['Entrance', 'Watcher', 'Courier', 'Good'];
    const priorities = await Promise.all(names.map(async (name) => (await invoke(name, { do: 'priority' })).value));

    const own = getPriority();
    const [next, last] = process.platform === 'linux' ? [5, 19] : [own, own];
    assert.deepEqual(priorities, [own, next, last, last]);
  });

  it('gives the event and the context of Lambda', async () => {
    const { value } = await invoke('Good', { a: [1] });

    assert.deepEqual(value.event, { a: [1] });
    assert.deepEqual([value.name, value.memory, value.id], ['Good', '128', 'request-1']);
    assert.equal(value.arn, 'arn:aws:lambda:us-east-1:000000000000:function:Good');
    assert.ok(value.left > 4000 && value.left <= 5000);
  });

  it('gives the function its own environment, and nothing of the host', async () => {
    const { value } = await invoke('Good', { do: 'env' });

    assert.deepEqual([value.TABLE, value.AWS_REGION, value.TZ], ['Control', 'us-east-1', ':UTC']);
    assert.equal(value.PATH, undefined);
    assert.equal(value.HOME, undefined);
  });

  it('keeps a thread for the next invocation', async () => {
    const first = await invoke('Short', { do: 'count' });
    const second = await invoke('Short', { do: 'count' });

    assert.equal(second.value, first.value + 1);
  });

  it('reports an error by its name, message and trace', async () => {
    const { failed, value } = await invoke('Good', { do: 'throw' });

    assert.equal(failed, true);
    assert.deepEqual([value.errorType, value.errorMessage], ['StrategyKilled', 'no']);
    assert.match(value.trace[0], /StrategyKilled|Error: no/);
  });

  it('reports a thrown text as Lambda does, and no result as null', async () => {
    assert.deepEqual((await invoke('Good', { do: 'throwText' })).value, {
      errorType: 'string',
      errorMessage: 'text',
      trace: [],
    });
    assert.deepEqual(await invoke('Good', { do: 'nothing' }), { failed: false, value: null });
  });

  it('ends a function that spins or waits at its timeout, and serves the next invocation from a new thread', async () => {
    for (const kind of ['hang', 'wait']) {
      const { failed, value } = await invoke('Short', { do: kind });

      assert.equal(failed, true);
      assert.equal(value.errorType, 'Sandbox.Timedout');
      assert.equal(value.errorMessage, 'RequestId: request-1 Error: Task timed out after 0.10 seconds');
    }
    assert.equal((await invoke('Short', { do: 'count' })).value, 1);
  });

  it('fails the invocation, not the host, when a function exits or leaves a rejection behind', async () => {
    assert.equal((await invoke('Good', { do: 'exit' })).value.errorType, 'Runtime.ExitError');
    assert.equal((await invoke('Good', { do: 'reject' })).value.errorMessage, 'forgotten');
    assert.equal((await invoke('Good', {})).failed, false);
  });

  it('says why a bundle cannot be loaded', async () => {
    assert.deepEqual([(await invoke('Broken', {})).value.errorType], ['TypeError']);
    assert.deepEqual([(await invoke('Empty', {})).value.errorType], ['Runtime.HandlerNotFound']);
    assert.deepEqual([(await invoke('Absent', {})).value.errorType], ['Runtime.ImportModuleError']);
  });

  it('runs invocations at the same time in different threads, one in each', async () => {
    const answers = await Promise.all(Array.from({ length: 3 }, () => invoke('Good', { do: 'busy' })));

    assert.ok(answers.every(({ failed }) => !failed));
    assert.ok(new Set(answers.map(({ value }) => value)).size >= 1);
  });

  it('hands on what a function prints', async () => {
    await invoke('Good', { do: 'print' });
    for (let turn = 0; turn < 100 && !lines.includes('Good: a line'); turn += 1) await new Promise(setImmediate);

    assert.ok(lines.includes('Good: a line'));
  });

  describe('as the Invoke endpoint', () => {
    const call = (name: string, body: string, headers: Record<string, string> = {}) =>
      invokeEndpoint(host)(
        new Request(`http://127.0.0.1/2015-03-31/functions/${name}/invocations`, { method: 'POST', body, headers }),
      );

    it('answers with the result, by name or ARN', async () => {
      const byName = await call('Good', '{"do":"count"}');
      const byArn = await call(encodeURIComponent('arn:aws:lambda:us-east-1:000000000000:function:Good'), '');

      assert.equal(byName.status, 200);
      assert.equal(typeof (await byName.json()), 'number');
      assert.deepEqual([byArn.status, byName.headers.get('x-amz-function-error')], [200, null]);
    });

    it('marks the answer of a function that threw', async () => {
      const answer = await call('Good', '{"do":"throw"}');

      assert.deepEqual([answer.status, answer.headers.get('x-amz-function-error')], [200, 'Unhandled']);
    });

    it('accepts an Event without waiting for it', async () => {
      const answer = await call('Good', '{"do":"print"}', { 'x-amz-invocation-type': 'Event' });

      assert.equal(answer.status, 202);
    });

    it('refuses what Lambda refuses', async () => {
      assert.deepEqual(
        await Promise.all([
          call('Nobody', '{}').then(({ status }) => status),
          call('Good', 'not json').then(({ status }) => status),
          call('Good', `"${'x'.repeat(6_300_000)}"`).then(({ status }) => status),
          call('Good', '{}', { 'x-amz-invocation-type': 'Later' }).then(({ status }) => status),
        ]),
        [404, 400, 413, 400],
      );
    });
  });
});
