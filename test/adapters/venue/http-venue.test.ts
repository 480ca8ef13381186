import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { httpVenues } from '../../../adapters/venue/http-venue.ts';
import { type Listening, listen } from '../../../engine-sim/program/listen.ts';

const order = {
  orderId: 'o-1',
  venue: 'XSIM',
  instrument: 'BTC-USD',
  side: 'buy',
  quantity: 1,
  price: 2,
  submittedAt: '2026-01-05T14:30:00.000Z',
};

describe('httpVenues', () => {
  let server: Listening;
  let answer: () => Promise<Response> | Response = () => new Response();
  const seen: string[] = [];
  const venues = httpVenues({ credentialOf: async (venue) => `key of ${venue}`, deadlineMs: 80 });
  const venue = () => ({ id: 'XSIM', url: `${server.url}/XSIM` });

  before(async () => {
    server = await listen((request) => {
      seen.push(`${request.method} ${request.url.slice(server.url.length)} ${request.headers.get('authorization')}`);
      return answer();
    }, 0);
  });
  after(() => server.close());

  it("asks with the control plane's own key for that venue, and drops what it does not know", async () => {
    answer = () => Response.json({ orders: [{ ...order, clientOrderId: 'more' }] });

    assert.deepEqual(await venues.openOrders(venue(), 'a b'), [order]);
    assert.equal(seen.at(-1), 'GET /XSIM/v1/orders?strategy=a%20b Bearer key of XSIM');
  });

  it('asks for cancels, and says which the venue refused', async () => {
    answer = () => Response.json({ cancelRequested: 1, refused: [{ orderId: 'o-2', reason: 'no' }] }, { status: 202 });

    assert.deepEqual(await venues.cancelAll(venue(), 's'), {
      cancelRequested: 1,
      refused: [{ orderId: 'o-2', reason: 'no' }],
    });
    assert.match(seen.at(-1) ?? '', /^DELETE /);
  });

  it('reads positions', async () => {
    answer = () =>
      Response.json({ positions: [{ instrument: 'X', quantity: -1, averagePrice: 2, markPrice: 3 }], cash: 5 });

    assert.deepEqual(await venues.positions(venue(), 's'), [
      { instrument: 'X', quantity: -1, averagePrice: 2, markPrice: 3 },
    ]);
  });

  it('takes a venue that does not say what it is, or says it in no word of ours, for live', async () => {
    const kinds: unknown[] = [];
    for (const kind of ['paper', 'simulated', 'live', 'SIMULATED', null, undefined]) {
      answer = () => Response.json({ venue: 'XSIM', kind, open: true });
      kinds.push(await venues.kind(venue()));
    }

    assert.deepEqual(kinds, ['paper', 'simulated', 'live', 'live', 'live', 'live']);
    answer = () => Response.json({ kind: 'simulated' }, { status: 500 });
    await assert.rejects(venues.kind(venue()), { name: 'VenueUnreachable' });
  });

  it('never takes anything but a readable list for an empty one', async () => {
    const answers = [
      () => Response.json({ code: 'KeyUnknown' }, { status: 401 }),
      () => Response.json({}, { status: 404 }),
      () => Response.json({ orders: null }),
      () => new Response('', { status: 200 }),
      () => new Promise<Response>(() => undefined),
    ];
    for (const each of answers) {
      answer = each;
      await assert.rejects(venues.openOrders(venue(), 's'), { name: 'VenueUnreachable', facts: { venue: 'XSIM' } });
    }
    await assert.rejects(venues.openOrders({ id: 'XSIM', url: 'http://127.0.0.1:9' }, 's'), {
      name: 'VenueUnreachable',
    });
  });
});
