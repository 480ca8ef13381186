import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { Alert, PastAlert } from '../../domain/alert/alert.ts';
import { runCommand } from '../cli/run-command.ts';
import { standInForEachTest } from '../cli/stand-in-for-each-test.ts';
import { START, STRATEGY } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const openStandIn = standInForEachTest();
const at = (second: number) => new Date(START.getTime() + second * 1_000).toISOString();

const alert = (rule: Alert['rule'], second: number, more: Partial<Alert> = {}): Alert =>
  Alert.parse({
    ...{
      id: `${STRATEGY}/${rule}/x`,
      strategyId: STRATEGY,
      rule,
      subject: 'x',
      level: 'warn',
      detail: `${rule} is bad`,
    },
    ...{ since: at(second), detectedAt: at(second), openedAt: at(second), lastAt: at(second + 9), count: 9 },
    ...{ reached: { since: at(second), at: at(second) }, relapses: 0, version: 1 },
    ...more,
  });

const OPEN = [
  alert('clock', 0),
  alert('drift', 10),
  alert('latency', 5, { level: 'act', action: 'throttle' }),
  alert('venue', 20, { strategyId: 'eth-momentum' as never, level: 'page', goodSince: at(30) }),
];

async function found() {
  const made = apiWorld();
  for (const record of OPEN) await made.store.put({ kind: 'ALERT', record });
  for (const [rule, opened, resolvedAt] of [
    ['limit-use', 0, at(100)],
    ['heartbeat', 50, at(95)],
  ] as const) {
    const past = PastAlert.parse(alert(rule, opened, { level: 'page', resolvedAt }));
    await made.store.put({ kind: 'PASTALERT', record: past });
  }
  return made;
}

const Reply = z.object({ alerts: z.array(z.looseObject({ rule: z.string() })) });
const ask = (made: ApiWorld, query: string) =>
  made.send('monitor', `/v1/alerts${query}`, { as: 'auditor', method: 'GET' });
const rules = async (made: ApiWorld, query: string) =>
  Reply.parse(await (await ask(made, query)).json()).alerts.map(({ rule }) => rule);

describe('GET alerts', () => {
  it('shows those that stand, the worst first and then the newest, of all strategies or of one', async () => {
    const made = await found();

    assert.deepEqual(await rules(made, ''), ['latency', 'venue', 'drift', 'clock']);
    assert.deepEqual(await rules(made, '?limit=1'), ['latency']);
    assert.deepEqual(await rules(made, `?strategy=${STRATEGY}&state=open`), ['latency', 'drift', 'clock']);
    assert.deepEqual(await rules(apiWorld(), ''), []);
  });

  it('shows those that are over, the newest end first', async () => {
    assert.deepEqual(await rules(await found(), '?state=resolved'), ['limit-use', 'heartbeat']);
    assert.deepEqual(await rules(await found(), '?state=resolved&strategy=eth-momentum'), []);
  });

  it('refuses what it cannot heed, and who may not look', async () => {
    const made = await found();
    for (const query of ['?state=lost', '?limit=0', '?strateg=x', '?state=open&state=resolved'])
      assert.equal((await ask(made, query)).status, 400, query);

    assert.equal((await made.send('monitor', '/v1/alerts', { method: 'GET' })).status, 401);
  });
});

describe('tradepulse-cli alerts', () => {
  async function standIn() {
    const made = await found();
    return openStandIn((app) => {
      app.get('/v1/alerts', (context) => ask(made, new URL(context.req.url).search));
    });
  }

  it('shows what stands: level, what is done, since when, how often it was found, and what', async () => {
    const { url, requests } = await standIn();

    const { code, stdout } = await runCommand(['alerts', '--url', url]);

    assert.equal(code, 0);
    assert.match(stdout, /^act +throttle +btc-momentum +latency\/x +2026-11-24 12:00:05Z +open +9 +latency is bad$/m);
    assert.match(stdout, /^page +- +eth-momentum +venue\/x .* open, not found now +9 +venue is bad$/m);
    assert.equal(requests[0]?.path, '/v1/alerts?limit=50&state=open');
  });

  it('shows too what is over, and for how long it stood, when asked for all', async () => {
    const { url } = await standIn();

    const { stdout } = await runCommand(['alerts', '--all', '--strategy', STRATEGY, '--url', url]);
    const { lines } = await runCommand(['alerts', '--all', '--url', url, '--output', 'jsonl']);

    assert.match(stdout, /^page +- +btc-momentum +limit-use\/x .* over after 1 min 40 s +9 /m);
    assert.equal(lines.length, 6);
  });

  it('says so when nothing is found', async () => {
    const { url } = await openStandIn((app) => {
      app.get('/v1/alerts', (context) => context.json({ alerts: [] }));
    });

    assert.equal((await runCommand(['alerts', '--url', url])).stdout, 'nothing is found that anybody has to know of\n');
    assert.match((await runCommand(['alerts', '--all', '--url', url])).stdout, /in the last 30 days/);
  });
});
