import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Hono } from 'hono';
import { canonicalJson } from '../../domain/ledger/canonical-json.ts';
import { digestOfBytes } from '../../domain/ledger/digest.ts';
import { runCommand } from './run-command.ts';
import { problem } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const certificate = { kind: 'kill-certificate', run: 'kill-1', strategy: 'btc-momentum', orders: [{ price: 1.5 }] };
const filed = (more = {}) => ({
  run: 'kill-1',
  record: { key: 'reports/kill-certificate.json', hash: digestOfBytes(`${canonicalJson(certificate)}\n`) },
  certificate,
  page: '# Kill certificate: btc-momentum\n',
  ...more,
});
const serve = (body: object) => (app: Hono) => app.get('/v1/runs/:id/kill-certificate', (c) => c.json(body));

describe('kill-certificate', () => {
  it('prints the page, its digest, and the command that shows what the ledger says of it', async () => {
    const { url, requests } = await open(serve(filed()));

    const { code, stdout } = await runCommand(['kill-certificate', 'kill-1', '--url', url]);

    assert.deepEqual([code, requests[0]?.path], [0, '/v1/runs/kill-1/kill-certificate']);
    assert.match(stdout, /^# Kill certificate: btc-momentum/);
    assert.ok(stdout.includes(filed().record.hash));
    assert.match(stdout, /ledger btc-momentum --run kill-1 --type kill.certified --output jsonl/);
  });

  it('is one object for machines', async () => {
    const { url } = await open(serve(filed()));

    const { lines } = await runCommand(['kill-certificate', 'kill-1', '--url', url, '--output', 'jsonl']);

    assert.deepEqual(lines, [filed()]);
  });

  it('trusts none whose digest is another one', async () => {
    const { url } = await open(serve(filed({ certificate: { ...certificate, orders: [] } })));

    const { code, stdout, stderr } = await runCommand(['kill-certificate', 'kill-1', '--url', url]);

    assert.deepEqual([code, stdout], [5, '']);
    assert.match(stderr, /has the digest sha256:\w+, and was filed as sha256:/);
  });
});

describe('incident update', () => {
  it('sends the time in UTC under a key of its own, and says what is expected now', async () => {
    const reply = { runId: 'kill-1', expectedRecovery: '2026-11-24T17:00:00.000Z', summary: 'recovery is 17:00 now' };
    const { url, requests } = await open((app) => app.post('/v1/strategies/:id/incident', (c) => c.json(reply)));
    const args = ['incident', 'update', '--strategy', 'btc-momentum', '--eta', '2026-11-24 18:00:00+01:00'];

    const { code, stdout } = await runCommand([...args, '--url', url]);

    assert.deepEqual([code, requests[0]?.body], [0, { eta: '2026-11-24T17:00:00.000Z' }]);
    assert.match(requests[0]?.key ?? '', /^\S{8,}$/);
    assert.match(stdout, /✓ recovery is 17:00 now/);
  });

  it('needs a time with a zone, and passes on a refusal', async () => {
    const { url, requests } = await open((app) =>
      app.post('/v1/strategies/:id/incident', () => problem(409, 'StrategyNotKilled', 'it is not killed')),
    );
    const args = ['incident', 'update', '--strategy', 'btc-momentum', '--url', url, '--eta'];

    assert.equal((await runCommand([...args, '2026-11-24T18:00:00'])).code, 2);
    assert.equal(requests.length, 0);
    assert.equal((await runCommand([...args, '2026-11-24T18:00:00Z'])).code, 10);
  });
});
