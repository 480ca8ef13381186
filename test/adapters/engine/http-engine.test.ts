import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { httpEngines } from '../../../adapters/engine/http-engine.ts';
import { StrategyId } from '../../../domain/ids.ts';
import { type Listening, listen } from '../../../engine-sim/program/listen.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const now = () => new Date('2026-01-05T14:30:00Z');
const signer = {
  keyid: 'command' as const,
  sign: async (data: Uint8Array) => new Uint8Array(sign(null, data, privateKey)),
};
const engines = httpEngines({ signer, now, newNonce: () => '0123456789abcdef' });
const command = { strategyId: 's', epoch: 1, commandId: 'c' };

describe('httpEngines', () => {
  let server: Listening;
  let answer: (request: Request) => Promise<Response> | Response = () => new Response();
  const seen: { method: string; path: string; headers: Headers; body: string }[] = [];
  const instance = () => ({ instanceId: 's-1', strategyId: StrategyId.parse('s'), controlUrl: `${server.url}/s-1` });

  before(async () => {
    server = await listen(async (request) => {
      seen.push({
        method: request.method,
        path: new URL(request.url).pathname,
        headers: request.headers,
        body: await request.text(),
      });
      return answer(request);
    }, 0);
  });
  after(() => server.close());

  it('sends a signed command to the registered address, and returns the parsed reply', async () => {
    answer = () =>
      Response.json({
        instanceId: 's-1',
        halted: true,
        epoch: 4,
        openOrders: 2,
        haltedAt: '2026-01-05T14:30:00.000Z',
        more: 'ignored',
      });

    const halted = await engines.halt(instance(), { ...command, reason: 'x' }, { deadlineMs: 1_000 });

    assert.deepEqual(halted, {
      instanceId: 's-1',
      halted: true,
      epoch: 4,
      openOrders: 2,
      haltedAt: '2026-01-05T14:30:00.000Z',
    });
    const { method, path, headers, body } = seen.at(-1) ?? assert.fail();
    assert.deepEqual([method, path, JSON.parse(body)], ['POST', '/s-1/v1/commands/halt', { ...command, reason: 'x' }]);
    assert.match(
      headers.get('signature-input') ?? '',
      /^sig=\("@method" "@target-uri" "content-digest"\);created=1767623400;expires=1767623420;/,
    );
    assert.match(headers.get('content-digest') ?? '', /^sha-256=:.+:$/);
  });

  it('rehearses a halt by one command, and believes no reply that names an order without its market', async () => {
    const order = {
      venue: 'X',
      orderId: 'o',
      instrument: 'I',
      side: 'buy',
      quantity: 1,
      price: 75,
      referencePrice: 100,
    };
    const reply = { instanceId: 's-1', placed: [order], leaseLost: false };
    const probe = { ...command, runId: 'r', kind: 'order' as const, venues: ['X'] };
    answer = () => Response.json(reply);
    assert.deepEqual(await engines.probe(instance(), probe, { deadlineMs: 1_000 }), reply);
    assert.deepEqual([seen.at(-1)?.path, JSON.parse(seen.at(-1)?.body ?? '')], ['/s-1/v1/commands/probe', probe]);

    answer = () => Response.json({ ...reply, placed: [{ ...order, referencePrice: 0 }] });

    await assert.rejects(engines.probe(instance(), probe, { deadlineMs: 1_000 }), { name: 'EngineUnreachable' });
  });

  it('signs questions without a body', async () => {
    answer = () => Response.json({ positions: [] });

    assert.deepEqual(await engines.positions(instance(), { deadlineMs: 1_000 }), []);
    assert.match(seen.at(-1)?.headers.get('signature-input') ?? '', /^sig=\("@method" "@target-uri"\);/);
    assert.equal(seen.at(-1)?.headers.get('content-digest'), null);
  });

  it("turns a no into EngineRefused with the engine's own words", async () => {
    answer = () =>
      Response.json(
        { code: 'StaleEpoch', detail: 'epoch 1 is over', next: 'read again', facts: { epoch: 9 } },
        { status: 409 },
      );

    await assert.rejects(engines.settle(instance(), command, { deadlineMs: 1_000 }), {
      name: 'EngineRefused',
      message: 's-1 refused: epoch 1 is over',
      next: 'read again',
      facts: { instanceId: 's-1', status: 409, code: 'StaleEpoch', epoch: 9 },
    });
  });

  it('calls unreachable whatever proves nothing: failures, other replies, redirects, and no text at all', async () => {
    const answers = [
      () => Response.json({ error: 'x' }, { status: 500 }),
      () => Response.json({ instanceId: 's-1', halted: 'yes' }),
      () => new Response('<html>', { status: 200 }),
      () => new Response('', { status: 204 }),
      () => Response.redirect(`${server.url}/elsewhere`),
    ];
    for (const each of answers) {
      answer = each;
      await assert.rejects(engines.halt(instance(), { ...command, reason: 'x' }, { deadlineMs: 1_000 }), {
        name: 'EngineUnreachable',
      });
    }
  });

  it('ends within its deadline when the engine hangs, when nothing listens, and when signing hangs', async () => {
    answer = () => new Promise<Response>(() => undefined);
    const stuck = httpEngines({
      signer: { keyid: 'kill', sign: () => new Promise(() => undefined) },
      now,
      newNonce: () => '0123456789abcdef',
    });
    const begun = performance.now();

    await assert.rejects(engines.riskStatus(instance(), { deadlineMs: 50 }), { name: 'EngineUnreachable' });
    await assert.rejects(stuck.riskStatus(instance(), { deadlineMs: 50 }), {
      name: 'EngineUnreachable',
      message: /signing/,
    });
    await assert.rejects(
      engines.riskStatus({ ...instance(), controlUrl: 'http://127.0.0.1:9/s-1' }, { deadlineMs: 500 }),
      { name: 'EngineUnreachable' },
    );

    assert.ok(performance.now() - begun < 1_500);
  });
});
