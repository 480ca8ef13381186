import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ActorId } from '../../domain/ids.ts';
import { canonicalJson } from '../../domain/ledger/canonical-json.ts';
import { LogId } from '../../domain/ledger/ledger-entry.ts';
import { leafHash } from '../../domain/ledger/merkle.ts';
import { COMMANDS, EVENTS, happen } from '../fakes/operations.ts';
import { START, STRATEGY, stateOf } from '../fakes/world.ts';
import { realLedger } from './real-ledger.ts';
import { runCommand } from './run-command.ts';
import { aLog } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const actor = ActorId.parse('sub-1');
const open = standInForEachTest();
const now = () => new Date(START.getTime() + 3_600_000);
const at = (seconds: number) => new Date(START.getTime() + seconds * 1000).toISOString();

/** Registered at 0 s, launch asked for at 10 s, opened and locked at 20 s. */
async function launched() {
  const { made, serve } = await realLedger();
  made.pass(10_000);
  await happen(made, [COMMANDS.launch]);
  made.pass(10_000);
  await happen(made, [COMMANDS.openRun, COMMANDS.lock]);
  const { url, requests } = await open(serve);
  const status = (...args: string[]) => runCommand(['status', ...args, '--url', url], { now });
  return { made, status, requests };
}

describe('status --at', () => {
  it('shows what a strategy was, up to the last entry until then, and names that entry', async () => {
    const { made, status } = await launched();

    const { code, stdout } = await status('--strategy', STRATEGY, '--at', at(19));

    assert.equal(code, 0);
    assert.match(stdout, /^strategy +btc-momentum at 2026-11-24T12:00:19\.000Z\nmode +LAUNCHING, epoch 0\n/);
    assert.match(
      stdout,
      new RegExp(`^run +${stateOf(made).run?.id}, ticket TP-0\nlock +none\nkilled +no\nartifact +none$`, 'm'),
    );
    assert.match(
      stdout,
      /^ledger +as of entry 2 written 2026-11-24T12:00:10\.000Z; entry 3 came 2026-11-24T12:00:20\.000Z$/m,
    );
  });

  it('counts an entry of that very moment, and takes a time in any zone', async () => {
    const { status } = await launched();

    const { stdout } = await status('--strategy', STRATEGY, '--at', '2026-11-24 13:00:20+01:00');

    assert.match(
      stdout,
      /^lock +held by launch-\S+ for sub-trader, from 2026-11-24T12:00:20\.000Z to 2026-11-24T12:06:20/m,
    );
    assert.match(stdout, /^ledger +as of entry 4 written 2026-11-24T12:00:20\.000Z, the last one$/m);
  });

  it('says by whom and why a strategy was killed, also where the kill found no ledger', async () => {
    const { made, status } = await launched();
    await happen(made, [EVENTS.killWithoutLedger, COMMANDS.settle]);

    const { stdout } = await status('--at', at(60));

    assert.match(stdout, /^mode +KILLED, epoch 1$/m);
    assert.match(stdout, /^killed +loss 0 \(kill-btc-momentum-\S+ by sub-trader, 2026-11-24T12:00:20\.000Z\)$/m);
  });

  it('says so when no strategy is registered', async () => {
    const { url } = await open((app) => app.get('/v1/strategies', (c) => c.json({ strategies: [] })));

    const { code, stdout } = await runCommand(['status', '--at', at(0), '--url', url], { now });

    assert.deepEqual([code, stdout], [0, 'no strategy is registered\n']);
  });

  it('is a fault where entries are of a form that it does not know', async () => {
    const entry = { v: 2, log: STRATEGY, seq: 0 };
    const entries = [{ index: 0, leafHash: leafHash(canonicalJson(entry)), entry }];
    const { url } = await open((app) => app.get('/v1/ledger/:log', (c) => c.json({ ...aLog(STRATEGY, 1), entries })));

    const { code, stderr } = await runCommand(['status', '--strategy', STRATEGY, '--at', at(0), '--url', url], { now });

    assert.equal(code, 1);
    assert.match(stderr, /entry 0 of btc-momentum is not of the form this tradepulse-cli knows/);
  });

  it('gives the state itself to machines, exactly as it is stored', async () => {
    const { made, status } = await launched();

    const { lines } = await status('--at', at(60), '--output', 'jsonl');

    const { ledgerRange: _range, pendingEntries: _pending, version: _version, ...state } = stateOf(made);
    assert.deepEqual(lines, [
      {
        strategy: STRATEGY,
        at: at(60),
        asOf: { seq: 4, at: at(20) },
        state: JSON.parse(JSON.stringify(state)) as unknown,
      },
    ]);
  });

  it('says that a strategy did not exist yet before its first entry, and when that came', async () => {
    const { status } = await launched();

    const { code, stdout } = await status('--at', at(-1));

    assert.equal(code, 0);
    assert.equal(stdout, `btc-momentum did not exist yet at ${at(-1)}: its first entry was written ${at(0)}\n`);
  });

  it('asks for no more of the log than it needs, page after page', async () => {
    const { made, serve } = await realLedger();
    await happen(
      made,
      Array.from({ length: 700 }, () => COMMANDS.stop),
    );
    const { url, requests } = await open(serve);

    const { stdout } = await runCommand(['status', '--strategy', STRATEGY, '--at', at(1), '--url', url], { now });

    assert.match(stdout, /as of entry 701 written/);
    assert.deepEqual(
      requests.map(({ path }) => path),
      ['order=asc&limit=500', 'order=asc&from=500&limit=500'].map((query) => `/v1/ledger/btc-momentum?${query}`),
    );
  });

  for (const [what, args, sentence] of [
    [
      'a time without a zone',
      ['--at', '2026-11-24T12:00:00'],
      /a time needs a date, a time of day with seconds, and a zone/,
    ],
    ['a date alone', ['--at', '2026-11-24'], /and a zone: 2026-11-24T12:00:00Z/],
    ['a day that never was', ['--at', '2026-02-30T12:00:00Z'], /a time needs/],
    [
      'a time to come',
      ['--at', at(3601)],
      /2026-11-24T13:00:01\.000Z has not come yet: it is 2026-11-24T13:00:00\.000Z here/,
    ],
    ['--watch', ['--at', at(0), '--watch'], /--at and --watch do not go together/],
    ['a strategy that there is not', ['--at', at(0), '--strategy', 'nope'], /there is no log nope/],
    [
      'a log that is no strategy',
      ['--at', at(0), '--strategy', 'desk'],
      /the entries of desk do not say what a strategy was/,
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { made, status } = await launched();
      await made.store.append(LogId.parse('desk'), [{ type: 'note.made', actor, payload: {} }], START);

      const { code, stdout, stderr } = await status(...args);

      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, sentence);
    });
  }

  it('refuses, with 5, entries that were altered or left out', async () => {
    const altered = aLog(STRATEGY, 4);
    Object.assign(altered.entries[2]?.entry ?? {}, { actor: 'somebody else' });
    const shorter = aLog(STRATEGY, 4);
    shorter.entries.splice(1, 1);

    for (const [log, sentence] of [
      [altered, /entry 2 hashes to/],
      [shorter, /entry 2 \(sequence 2\) stands where 1 belongs/],
    ] as const) {
      const { url } = await open((app) => app.get('/v1/ledger/:log', (c) => c.json(log)));
      const { code, stderr } = await runCommand(['status', '--strategy', STRATEGY, '--at', at(0), '--url', url], {
        now,
      });

      assert.equal(code, 5);
      assert.match(stderr, sentence);
    }
  });
});
