import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runCommand } from './run-command.ts';
import { aScopeKill, killedMember, problem } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

describe('kill --scope', () => {
  const open = standInForEachTest();
  const kill = (url: string, ...more: string[]) => ['kill', '--scope', 'all', '--url', url, ...more];
  const answering = (more: Record<string, unknown>) =>
    open((app) => app.post('/v1/kills', (c) => c.json(aScopeKill(more), 202)));
  const unreached = {
    status: 'lease-bounded',
    instances: [{ instanceId: 'eurusd-carry-1', status: 'unreachable', detail: 'no reply' }],
  };

  it('prints of each strategy what is known, and the way back', async () => {
    const { url, requests } = await open();

    const { code, stdout } = await runCommand(kill(url, '--reason', 'runaway'));

    assert.equal(code, 0);
    assert.match(
      stdout,
      /^✓ all is latched[\s\S]*✓ btc-momentum latched; halted\n✓ eurusd-carry latched; halted[\s\S]*the way back:\n {2}have every/,
    );
    assert.deepEqual(requests[0]?.body, { scope: 'all', reason: 'runaway' });
  });

  it('gives a script the reply as it came', async () => {
    const { url } = await open();

    const { lines } = await runCommand([...kill(url), '--output', 'jsonl']);

    assert.deepEqual(lines[0], aScopeKill());
  });

  it('never claims more of a strategy than was answered', async () => {
    const halting = { status: 'halting', instances: unreached.instances };
    const { url } = await answering({
      strategies: [
        killedMember('eurusd-carry', unreached),
        killedMember('basis', halting),
        killedMember('lost', { latched: false, instances: [], detail: 'a fault' }),
      ],
    });

    const { code, stdout } = await runCommand(kill(url));

    assert.equal(code, 0);
    assert.match(
      stdout,
      /▶ eurusd-carry latched; no engine was reached \(eurusd-carry-1\): bounded by its lease, 5\.0 s/,
    );
    assert.match(stdout, /▶ basis latched; halting, not every instance has answered \(eurusd-carry-1\)/);
    assert.match(stdout, /✖ lost NOT latched; halted \[a fault\]/);
  });

  it('is content when every strategy is spooled, and says that none is latched yet', async () => {
    const spooled = { latched: false, spooled: true };
    const { url, requests } = await answering({
      latched: false,
      receipt: null,
      strategies: [killedMember('btc-momentum', spooled)],
    });

    const { code, stdout } = await runCommand(kill(url));

    assert.deepEqual([code, requests.length], [0, 1]);
    assert.match(stdout, /▶ btc-momentum NOT latched yet, spooled: it cannot get lost; halted/);
    assert.doesNotMatch(stdout, /ledger entry/);
  });

  it('goes on with the same key until it is acknowledged', async () => {
    let failures = 3;
    const { url, requests } = await open((app) =>
      app.post('/v1/kills', (c) => {
        failures -= 1;
        if (failures === 1) return c.json(aScopeKill({ latched: false, complete: false, strategies: [] }), 202);
        return failures >= 0 ? problem(503, 'StoreUnavailable', 'the store is away') : c.json(aScopeKill(), 202);
      }),
    );

    const { code, stdout } = await runCommand(kill(url));

    assert.deepEqual([code, requests.length, new Set(requests.map(({ key }) => key)).size], [0, 4, 1]);
    assert.match(stdout, /all is latched/);
  });

  for (const [what, more, said] of [
    [
      'is not stored',
      { latched: false, strategies: [killedMember('x', { latched: false })] },
      /the kill of all is not stored/,
    ],
    ['is not stored, nor known what it covers', { latched: false, complete: false, strategies: [] }, /is not stored/],
    [
      'is latched, and no engine could be told',
      { complete: false, strategies: [] },
      /does not know which engines to tell/,
    ],
  ] as const) {
    it(`ends with 15 when the kill ${what}`, async () => {
      const { url } = await answering(more);

      const { code, stdout, stderr } = await runCommand(kill(url));

      assert.equal(code, 15);
      assert.match(stderr, said);
      assert.match(stderr, /kill it again now/);
      assert.match(stdout, /^✖ /m);
    });
  }

  it('does not insist on a scope that there is not', async () => {
    const { url, requests } = await open((app) =>
      app.post('/v1/kills', () => problem(404, 'UnknownScope', 'there is no scope all', 'kill one of desk:fx')),
    );

    const { code, stderr } = await runCommand(kill(url));

    assert.deepEqual([code, requests.length], [2, 1]);
    assert.match(stderr, /next: kill one of desk:fx/);
  });
});
