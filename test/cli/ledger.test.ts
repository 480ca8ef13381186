import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { COMMANDS, happen } from '../fakes/operations.ts';
import { STRATEGY } from '../fakes/world.ts';
import { realLedger } from './real-ledger.ts';
import { runCommand } from './run-command.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const indexes = (lines: readonly unknown[]) => lines.map((line) => (line as { index: number }).index);

/** A log of two entries of the registration, `stops` stops that had nothing to do, and a launch. */
async function filled(stops: number) {
  const { made, serve } = await realLedger();
  await happen(made, [...Array.from({ length: stops }, () => COMMANDS.stop), COMMANDS.launch]);
  const { url, requests } = await open(serve);
  const ledger = (...args: string[]) => runCommand(['ledger', STRATEGY, ...args, '--url', url]);
  return { made, serve, url, requests, ledger };
}

describe('ledger', () => {
  it('finds the entries that were asked for in the whole log, following the pages to the end', async () => {
    const { ledger, requests } = await filled(2_500);

    const { code, lines } = await ledger('--type', 'launch.', '--output', 'jsonl');
    const { stdout } = await ledger('--type', 'launch.', '--actor', 'sub-trader');

    assert.deepEqual([code, indexes(lines)], [0, [2_502]]);
    assert.equal(requests[1]?.path, '/v1/ledger/btc-momentum?order=asc&from=2000&limit=100&type=launch.');
    assert.match(stdout, /^2502 +2026-11-24 12:00:00Z +launch\.requested +sub-trader +launch-\S+$/m);
    assert.match(stdout, /^1 of 2503 entries, root [0-9a-f]{64}$/m);
  });

  it('stops at --limit, and says where to go on', async () => {
    const { ledger } = await filled(700);

    const { stdout } = await ledger('--type', 'stop.requested', '--limit', '600', '--from', '10');
    const { lines } = await ledger('--limit', '3', '--order', 'desc', '--output', 'jsonl');

    assert.match(stdout, /^600 of 703 entries, root \S+\nthere may be more: --from 610$/m);
    assert.deepEqual(indexes(lines), [702, 701, 700]);
  });

  it('shows its progress on a terminal', async () => {
    const { url } = await filled(2_100);

    const { stderr } = await runCommand(['ledger', STRATEGY, '--type', 'launch.', '--url', url], { terminal: true });

    assert.match(stderr, /btc-momentum: 2000 of 2103 entries looked at, 0 found/);
  });

  it('hands every filter to the control plane, times in UTC', async () => {
    const { ledger, requests } = await filled(0);
    const filters = [
      '--run',
      'r-1',
      '--ticket',
      'TP-1',
      '--after',
      '2026-11-24T13:00:00+01:00',
      '--before',
      '2026-11-25 00:00:00Z',
    ];

    const { stdout } = await ledger(...filters);

    assert.match(stdout, /^no entry is like that$/m);
    assert.deepEqual(Object.fromEntries(new URL(`http://x${requests[0]?.path}`).searchParams), {
      ...{ order: 'asc', limit: '100', run: 'r-1', ticket: 'TP-1' },
      ...{ after: '2026-11-24T12:00:00.000Z', before: '2026-11-25T00:00:00.000Z' },
    });
  });

  it('tells an empty log from one that there is not', async () => {
    const { url } = await filled(0);

    assert.match((await runCommand(['ledger', 'access', '--url', url])).stdout, /^the log is empty$/m);
    assert.equal((await runCommand(['ledger', 'nobody', '--url', url])).code, 2);
  });

  it('passes on what the control plane says of a filter that is none', async () => {
    const { ledger } = await filled(0);

    const { code, stderr } = await ledger('--type', 'KILL');

    assert.equal(code, 2);
    assert.match(stderr, /type: a type is like kill\.requested/);
  });

  it('stops a long search at Ctrl-C', async () => {
    const { url } = await filled(4_100);
    const stop = new AbortController();
    const accessToken = async () => {
      stop.abort();
      return 'a-token';
    };

    const { code } = await runCommand(['ledger', STRATEGY, '--type', 'no.such', '--url', url], {
      interrupted: stop.signal,
      accessToken,
    });

    assert.equal(code, 130);
  });
});

describe('ledger --follow', () => {
  /** Follows while time passes: what each second brings is told by its number, from 1. */
  async function following(
    url: string,
    seconds: number,
    eachSecond: (second: number) => Promise<unknown> | undefined,
    ...args: string[]
  ) {
    const stop = new AbortController();
    let second = 0;
    const ran = await runCommand(['ledger', STRATEGY, '--follow', ...args, '--url', url], {
      interrupted: stop.signal,
      async sleep(ms) {
        if (ms < 1000) return;
        second += 1;
        if (second > seconds) stop.abort();
        else await eachSecond(second);
      },
    });
    return ran;
  }

  it('prints each new entry once, one per line, and ends with 0 at Ctrl-C', async () => {
    const { made, url } = await filled(3);

    const { code, stdout, stderr } = await following(url, 3, (second) => {
      if (second === 2) return undefined;
      return happen(made, [COMMANDS.openRun, COMMANDS.lock].slice(0, second));
    });

    assert.deepEqual([code, stderr], [0, '']);
    assert.match(
      stdout,
      /^6 {2}2026-11-24 12:00:00Z {2}launch\.opened {2}sub-trader {2}launch-\S+\n7 {2}.* orchestrator\.lock .*\n$/,
    );
  });

  it('begins at --from, follows the pages of what is there, and prints objects for machines', async () => {
    const { made, url } = await filled(1_200);

    const { lines } = await following(
      url,
      2,
      () => happen(made, [COMMANDS.openRun]),
      '--from',
      '1',
      '--output',
      'jsonl',
    );

    assert.deepEqual(
      indexes(lines),
      Array.from({ length: 1_203 }, (_, index) => index + 1),
    );
  });

  it('prints only what it was asked for, and misses none of it behind much else', async () => {
    const { made, url } = await filled(0);
    const others = Array.from({ length: 2_200 }, () => COMMANDS.stop);

    const { lines } = await following(
      url,
      2,
      (second) => (second === 1 ? happen(made, [...others, COMMANDS.openRun, COMMANDS.lock]) : undefined),
      ...['--type', 'orchestrator.', '--output', 'jsonl'],
    );

    assert.equal(lines.length, 1);
  });

  it('waits while the control plane is away, says so once, and misses nothing', async () => {
    const { made, serve } = await filled(1);
    let away = false;
    const { url } = await open((app) => {
      app.use(async (c, next) => (away ? c.body(null, 503) : next()));
      serve(app);
    });

    const { code, lines, stderr } = await following(
      url,
      5,
      (second) => {
        away = second >= 2 && second <= 3;
        return happen(made, [COMMANDS.openRun, COMMANDS.lock, COMMANDS.deploy].slice(0, second));
      },
      ...['--output', 'jsonl'],
    );

    assert.deepEqual([code, indexes(lines)], [0, [4, 5, 6]]);
    assert.match(
      stderr,
      /^✖ the control plane answered 503.*nothing will be missed\n▶ the control plane answers again\n$/,
    );
  });

  it('is told that a log has become shorter: with 5', async () => {
    const { made, url } = await filled(3);

    const { code, stderr } = await following(url, 2, async () =>
      made.store.strategies.set(STRATEGY, { ...made.store.strategies.get(STRATEGY)!, ledgerSize: 2 }),
    );

    assert.equal(code, 5);
    assert.match(stderr, /had 6 entries and now has 2/);
  });

  for (const args of [['--verify'], ['--order', 'desc']]) {
    it(`does not go with ${args.join(' ')}`, async () => {
      const { ledger } = await filled(0);

      assert.equal((await ledger('--follow', ...args)).code, 2);
    });
  }

  it('ends when the reason is the person, not the network', async () => {
    const { url } = await open((app) => app.get('/v1/ledger/:log', (c) => c.body(null, 401)));

    assert.equal((await following(url, 1, () => undefined)).code, 11);
  });
});
