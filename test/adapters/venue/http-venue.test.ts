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
  const withDeadline = (deadlineMs: number) =>
    httpVenues({ credentialOf: async (venue) => `key of ${venue}`, deadlineMs });
  const venues = withDeadline(5_000); // however busy the machine is
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

  it('asks for the cancel of one order: gone is what we wanted, a no is told with its reason, and anything else proves nothing', async () => {
    const answers: [Response, unknown][] = [
      [Response.json({ cancelRequested: 1, refused: [] }, { status: 202 }), { cancelRequested: 1, refused: [] }],
      [Response.json({ detail: 'not here' }, { status: 404 }), { cancelRequested: 0, refused: [] }],
      [
        Response.json({ detail: 'auction' }, { status: 409 }),
        { cancelRequested: 0, refused: [{ orderId: 'o/1', reason: 'auction' }] },
      ],
      [new Response('no', { status: 409 }), { cancelRequested: 0, refused: [{ orderId: 'o/1', reason: 'no' }] }],
    ];
    for (const [reply, expected] of answers) {
      answer = () => reply;
      assert.deepEqual(await venues.cancel(venue(), 'o/1'), expected);
    }
    assert.equal(seen.at(-1), 'DELETE /XSIM/v1/orders/o%2F1 Bearer key of XSIM');
    answer = () => new Response('broken', { status: 500 });
    await assert.rejects(venues.cancel(venue(), 'o/1'), { name: 'VenueUnreachable' });
  });

  it('takes an order for one of the day unless the venue says that it is good till cancelled', async () => {
    answer = () =>
      Response.json({ orders: ['gtc', 'day', 'GTC', 7, null].map((timeInForce) => ({ ...order, timeInForce })) });

    const orders = await venues.openOrders(venue(), 's');

    assert.deepEqual(
      orders.map(({ timeInForce }) => timeInForce),
      ['gtc', 'day', undefined, undefined, undefined],
    );
  });

  it('reads positions', async () => {
    answer = () =>
      Response.json({ positions: [{ instrument: 'X', quantity: -1, averagePrice: 2, markPrice: 3 }], cash: 5 });

    assert.deepEqual(await venues.positions(venue(), 's'), [
      { instrument: 'X', quantity: -1, averagePrice: 2, markPrice: 3 },
    ]);
  });

  it('reads the account as the venue keeps it, with its cash where it tells it', async () => {
    const positions = [{ instrument: 'X', quantity: -1, averagePrice: 2, markPrice: 3 }];
    answer = () => Response.json({ positions, realised: 1, cash: -5 });
    assert.deepEqual(await venues.account(venue(), 's'), { positions, cash: -5 });

    answer = () => Response.json({ positions });
    assert.deepEqual(await venues.account(venue(), 's'), { positions });
  });

  it('reads a page of the orders that a venue took, and takes what it does not say of one for unknown', async () => {
    const filled = { ...order, clientOrderId: 'c-1', outcome: 'filled', endedAt: order.submittedAt, filledPrice: 2 };
    answer = () => Response.json({ orders: [filled, { ...order, outcome: 'lost' }, order], next: 'o-1' });
    const query = { since: '2026-01-05T14:00:00.000Z', until: '2026-01-05T15:00:00.000Z' };

    const page = await venues.acceptedOrders(venue(), 'a b', query);
    await venues.acceptedOrders(venue(), 'a b', { ...query, after: 'o-1' });

    assert.deepEqual(
      page.orders.map(({ outcome }) => outcome),
      ['filled', 'unknown', 'unknown'],
    );
    assert.deepEqual([page.next, page.keptSince], ['o-1', undefined]);
    assert.match(seen.at(-1) ?? '', /accepted\?strategy=a\+b&since=2026-01-05T14%3A00.*&until=.*&after=o-1 /);
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
    ];
    const unreachable = { name: 'VenueUnreachable', facts: { venue: 'XSIM' } };
    for (const each of answers) {
      answer = each;
      await assert.rejects(venues.openOrders(venue(), 's'), unreachable);
    }
    answer = () => new Promise<Response>(() => undefined);
    await assert.rejects(withDeadline(30).openOrders(venue(), 's'), unreachable);
    await assert.rejects(venues.openOrders({ id: 'XSIM', url: 'http://127.0.0.1:9' }, 's'), {
      name: 'VenueUnreachable',
    });
  });
});
