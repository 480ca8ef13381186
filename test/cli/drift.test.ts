import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runCommand } from './run-command.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const AT = '2026-11-24T12:00:00.000Z';
const review = {
  ...{ id: 'drift-btc-momentum-20261124T1200', strategyId: 'btc-momentum', status: 'open', openedAt: AT, at: AT },
  lines: [{ instrument: 'BTC-USD', live: 101, target: 100, mark: 60_000, drift: 0.01 }],
};
const listing = (...reviews: object[]) => open((app) => app.get('/v1/drift-reviews', (c) => c.json({ reviews })));

describe('drift', () => {
  it('lists the reviews that stand, with the worst of their positions', async () => {
    const { url, requests } = await listing(
      { ...review, escalatedAt: AT },
      { ...review, status: 'returned', decidedBy: 'sub-quant', lines: [] },
    );

    const all = await runCommand(['drift', 'ls', '--url', url]);
    const lines = await runCommand([
      'drift',
      'ls',
      '--strategy',
      'btc-momentum',
      '--status',
      'open',
      '--output',
      'jsonl',
      '--url',
      url,
    ]);

    assert.match(all.stdout, /open, escalated +BTC-USD 1\.00 % .*-\n.*returned +- .*sub-quant/);
    assert.equal(lines.stdout.trim().split('\n').length, 2);
    assert.deepEqual(
      requests.map(({ path }) => path),
      ['/v1/drift-reviews', '/v1/drift-reviews?strategy=btc-momentum&status=open'],
    );
  });

  it('says so where none stands', async () => {
    const { url } = await listing();

    assert.match((await runCommand(['drift', 'ls', '--url', url])).stdout, /no drift review stands/);
  });

  it('shows the only one that is open, and how to decide it', async () => {
    const { url, requests } = await listing(review);

    const shown = await runCommand(['drift', 'review', '--url', url]);

    assert.match(
      shown.stdout,
      /BTC-USD +101 +100 +60000 +1\.00 %[\s\S]*drift review drift-btc-momentum-20261124T1200 --accept --note/,
    );
    assert.equal(requests[0]?.path, '/v1/drift-reviews?status=open');
  });

  it('shows one that was decided, and by whom', async () => {
    const decided = {
      ...review,
      status: 'accepted',
      decidedBy: 'sub-quant',
      decidedAt: AT,
      note: 'as agreed',
      escalatedAt: AT,
    };
    const { url } = await listing(decided);

    const shown = await runCommand(['drift', 'review', review.id, '--url', url]);

    assert.match(shown.stdout, /decided by +sub-quant[\s\S]*as agreed/);
    assert.doesNotMatch(shown.stdout, /--accept/);
  });

  it('accepts or returns it with a note', async () => {
    const { url, requests } = await open((app) => {
      app.get('/v1/drift-reviews', (c) => c.json({ reviews: [review] }));
      app.post('/v1/drift-reviews/:id/decisions', (c) =>
        c.json({ review: { ...review, status: 'accepted' }, summary: 'it is accepted' }),
      );
    });

    const accepted = await runCommand(['drift', 'review', review.id, '--accept', '--note', 'as agreed', '--url', url]);
    await runCommand(['drift', 'review', '--return', '--note', 'sell one', '--url', url]);

    const sent = requests.filter(({ method }) => method === 'POST').map(({ path, body }) => [path, body]);
    assert.match(accepted.stdout, /✓ it is accepted/);
    assert.deepEqual(sent, [
      [`/v1/drift-reviews/${review.id}/decisions`, { decision: 'accept', note: 'as agreed' }],
      [`/v1/drift-reviews/${review.id}/decisions`, { decision: 'return', note: 'sell one' }],
    ]);
  });

  it('asks why, which one, and for no two decisions at once', async () => {
    const { url } = await listing(review, { ...review, id: 'drift-2' });
    const fails = async (...words: string[]) => {
      const { code, stderr } = await runCommand(['drift', 'review', ...words, '--url', url]);
      return [code, stderr];
    };

    const [without, several, unknown, both] = await Promise.all([
      fails(review.id, '--accept'),
      fails(),
      fails('drift-9'),
      fails(review.id, '--accept', '--return', '--note', 'x'),
    ]);

    assert.match(String(without?.[1]), /why do you accept it\?/);
    assert.match(String(several?.[1]), /2 drift reviews are open/);
    assert.match(String(unknown?.[1]), /no drift review drift-9 stands/);
    assert.match(String(both?.[1]), /cannot be used with/);
    assert.deepEqual(new Set([without, several, unknown].map((each) => each?.[0])).size, 1);
  });
});
