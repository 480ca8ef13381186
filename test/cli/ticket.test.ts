import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runCommand } from './run-command.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const ticket = {
  ...{ id: 'OPS-12', title: 'a shorter window', status: 'approved', strategy: 'btc-momentum', environment: 'prod' },
  ...{ openedBy: 'sub-quant', openedAt: '2026-11-23T10:00:00.000Z' },
  approvals: [{ by: 'sub-sre', role: 'sre', at: '2026-11-23T11:00:00.000Z' }],
};

describe('ticket', () => {
  const standIn = standInForEachTest();
  const plane = () =>
    standIn((app) => {
      app.get('/v1/tickets', (c) => c.json({ tickets: [ticket] }));
      app.get('/v1/tickets/:id', (c) =>
        c.json({
          ...ticket,
          status: 'closed',
          endedBy: 'sub-sre',
          endedAt: '2026-11-23T12:00:00.000Z',
          reason: 'done',
        }),
      );
      app.post('/v1/tickets', (c) => c.json({ ticket: { ...ticket, status: 'open' }, summary: 'OPS-12 is open' }));
      app.post('/v1/tickets/:id/:what', (c) => c.json({ ticket, summary: `OPS-12: ${c.req.param('what')}` }));
    });

  it('opens one, and says who is needed next', async () => {
    const { url, requests } = await plane();

    const { code, stdout } = await runCommand([
      ...['ticket', 'open', '--title', 'a shorter window', '--strategy', 'btc-momentum', '--env', 'prod'],
      ...['--id', 'OPS-12', '--url', url],
    ]);

    assert.equal(code, 0);
    assert.match(stdout, /another person approves it: npx tradepulse-cli ticket approve OPS-12/);
    assert.deepEqual(requests[0]?.body, {
      ...{ title: 'a shorter window', strategy: 'btc-momentum', environment: 'prod', id: 'OPS-12' },
    });
  });

  it('approves, rejects and closes one, with the reason that is given', async () => {
    const { url, requests } = await plane();

    await runCommand(['ticket', 'approve', 'OPS-12', '--url', url]);
    await runCommand(['ticket', 'reject', 'OPS-12', '--reason', 'not this week', '--url', url]);
    const { stdout } = await runCommand(['ticket', 'close', 'OPS-12', '--url', url]);

    assert.deepEqual(
      requests.map(({ path, body }) => [path, body]),
      [
        ['/v1/tickets/OPS-12/approval', {}],
        ['/v1/tickets/OPS-12/rejection', { reason: 'not this week' }],
        ['/v1/tickets/OPS-12/closure', {}],
      ],
    );
    assert.match(stdout, /✓ OPS-12: closure/);
  });

  it('lists all or those of a strategy, for people and for machines', async () => {
    const { url, requests } = await plane();

    const people = await runCommand(['ticket', 'list', '--url', url]);
    const machines = await runCommand([
      'ticket',
      'list',
      '--strategy',
      'btc-momentum',
      '--url',
      url,
      '--output',
      'jsonl',
    ]);

    assert.match(people.stdout, /OPS-12 +approved +btc-momentum +prod +2026-11-23 10:00:00Z +sub-quant +sub-sre/);
    assert.deepEqual(machines.lines, [ticket]);
    assert.equal(requests[1]?.path, '/v1/tickets?strategy=btc-momentum');
  });

  it('shows one with who approved it, and how it ended', async () => {
    const { stdout } = await runCommand(['ticket', 'show', 'OPS-12', '--url', (await plane()).url]);

    assert.match(stdout, /approved by +sub-sre \(sre\) at 2026-11-23 11:00:00Z/);
    assert.match(stdout, /ended +2026-11-23 12:00:00Z by sub-sre\nreason +done/);
  });
});
