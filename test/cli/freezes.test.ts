import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runCommand } from './run-command.ts';
import { problem } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const AT = '2026-11-24T12:00:00.000Z';
const freeze = {
  ...{ id: 'freeze-20261124-1', scope: 'desk:crypto', source: 'manual', reason: 'migration', by: 'sub-sre', since: AT },
};
const question = (kind: string, roles: string[], document: object = {}) => ({
  ...{ id: `question-1-${kind}`, kind, strategyId: 'btc-momentum', runId: 'question-1', epoch: 1, document },
  ...{ digest: 'sha256:1', requiredRoles: roles, signatures: [], status: 'open' },
  ...{ openedAt: AT, expiresAt: '2030-11-24T12:00:00.000Z' },
});

describe('freeze, unfreeze and freezes', () => {
  it('freezes at once, with an end where one is given, and says how it is lifted', async () => {
    const { url, requests } = await open((app) => {
      app.post('/v1/freezes', (c) => c.json({ freeze, summary: 'no new launches of desk:crypto' }));
    });
    const args = ['freeze', '--scope', 'desk:crypto', '--reason', 'migration', '--url', url];

    const { code, stdout } = await runCommand(args);
    await runCommand([...args, '--until', '2026-11-24T18:00:00+01:00']);

    assert.equal(code, 0);
    assert.deepEqual(requests[0]?.body, { scope: 'desk:crypto', reason: 'migration' });
    assert.deepEqual(Object(requests[1]?.body)['until'], '2026-11-24T17:00:00.000Z');
    assert.match(stdout, /no new launches of desk:crypto[\s\S]*unfreeze freeze-20261124-1 --reason/);
  });

  it('asks two people to lift one, and lifts it when they have signed', async () => {
    const reply = { freeze: freeze.id, approval: 'question-1-unfreeze', summary: 'two people sign' };
    let status = 'asked';
    const { url, requests } = await open((app) => {
      app.post('/v1/freezes/:id/lifts', (c) => c.json({ ...reply, status }, status === 'asked' ? 202 : 200));
      app.get('/v1/approvals/:id', (c) => c.json(question('unfreeze', ['risk-officer', 'sre'])));
    });
    const unfreeze = () => runCommand(['unfreeze', freeze.id, '--reason', 'migrated', '--url', url]);

    const asked = await unfreeze();
    status = 'lifted';
    const lifted = await unfreeze();

    assert.deepEqual([asked.code, lifted.code, requests[0]?.body], [0, 0, { reason: 'migrated' }]);
    assert.match(asked.stdout, /still needed: risk-officer and sre[\s\S]*when both have signed: .*unfreeze freeze-/);
    assert.doesNotMatch(lifted.stdout, /when both have signed/);
  });

  it('passes on that a kill is lifted by its recovery only', async () => {
    const { url } = await open((app) => {
      app.post('/v1/freezes/:id/lifts', () => problem(409, 'StrategyKilled', 'it came with a kill'));
    });

    assert.equal((await runCommand(['unfreeze', 'kill-x', '--reason', 'x', '--url', url])).code, 10);
  });

  it('lists every freeze with its source, and what to do about it', async () => {
    const computed = { ...freeze, id: 'error-budget-x', source: 'error-budget', until: '2026-11-30T12:00:00.000Z' };
    const { url } = await open((app) => {
      app.get('/v1/freezes', (c) =>
        c.json({
          freezes: [
            { ...freeze, overridable: false, next: 'a risk officer and an SRE lift it' },
            { ...computed, overridable: true, next: 'wait, or ask for an override' },
          ],
        }),
      );
    });

    const { code, stdout } = await runCommand(['freezes', '--url', url]);
    const lines = await runCommand(['freezes', '--url', url, '--output', 'jsonl']);

    assert.equal(code, 0);
    assert.match(stdout, /freeze-20261124-1\s+desk:crypto\s+manual.*no\s+migration/);
    assert.match(stdout, /error-budget-x: wait, or ask for an override/);
    assert.equal(Object(lines.lines[0])['freezes'].length, 2);
  });

  it('says so when nothing is frozen', async () => {
    const { url } = await open((app) => {
      app.get('/v1/freezes', (c) => c.json({ freezes: [] }));
    });

    assert.match((await runCommand(['freezes', '--url', url])).stdout, /nothing is frozen/);
  });
});

describe('override request and list', () => {
  const override = {
    ...{ id: 'override-1', strategyId: 'btc-momentum', runId: 'launch-1', reason: 'a slow venue', expiresAt: AT },
    findings: [{ check: 'smoke.latency', expected: '<= 120 ms', actual: '150 ms' }],
  };
  const run = { id: 'launch-1', machine: 'launch', strategyId: 'btc-momentum', status: 'FAILED', startedAt: AT };

  it('asks about checks of a launch, shows what would pass, and says who signs', async () => {
    const { url, requests } = await open((app) => {
      app.get('/v1/runs/:id', (c) => c.json(run));
      app.post('/v1/strategies/:id/overrides', (c) =>
        c.json({ override, approval: 'question-1-override', summary: 'a risk officer and sre sign' }, 202),
      );
      app.get('/v1/approvals/:id', (c) => c.json(question('override', ['risk-officer', 'quant'])));
    });
    const args = ['override', 'request', '--run', 'launch-1', '--check', 'smoke.latency', 'smoke.cancel-ratio'];

    const { code, stdout } = await runCommand([
      ...args,
      ...['--reason', 'a slow venue', '--expires', '2h', '--authoriser', 'quant', '--url', url],
    ]);

    assert.equal(code, 0);
    assert.deepEqual(requests[1]?.path, '/v1/strategies/btc-momentum/overrides');
    assert.deepEqual(requests[1]?.body, {
      ...{ run: 'launch-1', checks: ['smoke.latency', 'smoke.cancel-ratio'], reason: 'a slow venue' },
      ...{ expiresInMinutes: 120, authoriser: 'quant' },
    });
    assert.match(stdout, /smoke\.latency\s+<= 120 ms\s+150 ms/);
    assert.match(stdout, /still needed: risk-officer and quant[\s\S]*neither of them may have signed that launch/);
  });

  it('lasts four hours when nothing else is said', async () => {
    const { url, requests } = await open((app) => {
      app.get('/v1/runs/:id', (c) => c.json(run));
      app.post('/v1/strategies/:id/overrides', () => problem(422, 'NotOverridable', 'a hard no-go stays one'));
    });

    const args = ['override', 'request', '--run', 'launch-1', '--check', 'smoke.orders', '--reason', 'x', '--url', url];
    const { code } = await runCommand(args);

    assert.deepEqual([code, Object(requests[1]?.body)['expiresInMinutes']], [13, 240]);
  });

  it('lists what has become of each, and says so when there is none', async () => {
    const { url } = await open((app) => {
      app.get('/v1/strategies/btc-momentum/overrides', (c) =>
        c.json({ overrides: [{ ...override, status: 'in force', signers: ['sub-risk', 'sub-sre'] }] }),
      );
      app.get('/v1/strategies/other/overrides', (c) => c.json({ overrides: [] }));
    });
    const list = async (strategy: string) =>
      (await runCommand(['override', 'list', '--strategy', strategy, '--url', url])).stdout;

    assert.match(
      await list('btc-momentum'),
      /override-1\s+in force\s+smoke\.latency\s+.*sub-risk sub-sre\s+a slow venue/,
    );
    assert.match(await list('other'), /nothing was ever overridden/);
  });
});

describe('approve, of what no machine waits for', () => {
  const DIGEST = 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'; // of {}
  const said = async (kind: string, document: object, status = 'complete') => {
    const asked = { ...question(kind, ['risk-officer']), document, digest: DIGEST };
    const { url } = await open((app) => {
      app.get('/v1/approvals/:id', (c) => c.json(asked));
      app.post('/v1/approvals/:id/signatures', (c) =>
        c.json({ approval: { ...asked, status }, summary: 'signed', receipt: { log: 'x', index: 1, leafHash: 'a' } }),
      );
    });
    const { stdout, stderr } = await runCommand([
      'approve',
      asked.id,
      '--decline',
      '--reason',
      'x',
      '--yes',
      '--url',
      url,
    ]);
    return stdout + stderr;
  };

  it('says which command goes on', async () => {
    assert.match(await said('limits', {}), /then: .*limits apply --strategy btc-momentum/);
    assert.match(await said('override', {}), /then: .*override list --strategy btc-momentum/);
    assert.match(await said('unfreeze', {}), /then: .*unfreeze /);
  });

  it('says that nothing comes of what is declined', async () => {
    assert.match(await said('limits', {}, 'declined'), /it is declined, and nothing comes of it/);
  });
});
