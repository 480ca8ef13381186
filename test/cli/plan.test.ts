import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOf } from '../../domain/ledger/digest.ts';
import { aLaunchDocument, aNoGo, aPlan, aShownPlan, aWarning } from './a-plan.ts';
import { demoData } from './demo-data.ts';
import { runCommand } from './run-command.ts';
import { anApproval, problem } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const PLANS = '/v1/strategies/:id/plans';
const APPROVAL = '/v1/approvals/:id';
const showing = (more: object) => (app: Parameters<NonNullable<Parameters<typeof open>[0]>>[0]) =>
  void app.post(PLANS, (c) => c.json(aShownPlan(more)));

describe('deploy --plan', () => {
  const args = ['deploy', '--plan', '--env', 'prod', '--strategy', 'btc-momentum', '--as', 'auditor'];

  it('shows the whole plan with its digest and every gate, and starts nothing', async () => {
    const { url, requests } = await open();

    const { code, stdout } = await runCommand([...args, '--url', url]);

    assert.equal(code, 0);
    for (const words of [
      `plan ${aShownPlan().planDigest}`,
      'btc-momentum in prod (desk crypto)',
      'CHG-1, commit 000',
      'at most 1000 USD, position 2',
      'XSIM (simulated)',
      '1000 USD notional (killed at 2000), 5 orders/s, 0 live venues',
      'a kill of strategy:btc-momentum, all',
      '#trading-ops (Trading Ops, Risk)',
      'deployment of btc-momentum',
      'no launch to compare with',
      '✓ change approval: 7 checks passed',
    ])
      assert.ok(stdout.includes(words), `${words} is not in\n${stdout}`);
    assert.deepEqual(
      requests.map(({ path }) => path),
      ['/v1/strategies/btc-momentum/plans'],
    );
  });

  it('gives the first failing reason first, one finding a line, and ends with the exit code of a no-go', async () => {
    const { url } = await open(showing({ verdict: 'no-go', gates: [aWarning, ...aShownPlan().gates, aNoGo] }));

    const { code, stdout, stderr } = await runCommand([...args, '--url', url]);

    assert.equal(code, 13);
    const lines = stdout.slice(stdout.indexOf('gates now')).trim().split('\n');
    assert.deepEqual(lines, [
      'gates now: no-go',
      '✖ risk envelope: risk.limits-approved: expected a, found b',
      '! smoke: smoke.latency: expected <= 120, found 200',
      '✓ change approval: 7 checks passed',
    ]);
    assert.match(stderr, /it cannot be launched now: risk envelope/);
  });

  it('says that a market is closed for now, by its own code', async () => {
    const findings = [{ check: 'market.XNYS', verdict: 'postpone', expected: 'open', actual: 'a holiday' }];
    const gates = [{ gate: 'market readiness', verdict: 'postpone', summary: 'closed', findings }];
    const { url } = await open(showing({ verdict: 'postpone', gates }));

    const { code, stdout, stderr } = await runCommand([...args, '--url', url]);

    assert.equal(code, 13);
    assert.match(stdout, /✖ market readiness: postponed, market\.XNYS/);
    assert.match(stderr, /LaunchPostponed/);
  });

  it('passes with a warning, shows neighbours and what is new, and says so where there is no plan at all', async () => {
    const since = { run: 'launch-1', count: 1, differences: [{ path: 'limits.leverageCap', approved: '3', now: '5' }] };
    const alsoLive = [{ strategy: 'eurusd-carry', mode: 'ACTIVE' }];
    const warned = await open(showing({ verdict: 'warn', gates: [aWarning], since, alsoLive }));
    const none = {
      plan: null,
      planDigest: null,
      refused: { code: 'ManifestMissing', message: 'there is no manifest' },
    };
    const refused = await open(showing({ ...none, verdict: 'no-go', gates: [aNoGo] }));

    const shown = await runCommand([...args, '--url', warned.url]);
    const nothing = await runCommand([...args, '--url', refused.url]);

    assert.deepEqual([shown.code, nothing.code], [0, 13]);
    assert.match(shown.stdout, /also live +eurusd-carry \(ACTIVE\)/);
    assert.match(shown.stdout, /1 differences from launch-1\n {2}limits\.leverageCap: 3 -> 5/);
    assert.match(nothing.stdout, /no plan: there is no manifest/);
  });

  it('is one JSON object with --output jsonl', async () => {
    const { url } = await open();

    const { lines } = await runCommand([...args, '--url', url, '--output', 'jsonl']);

    assert.deepEqual(lines, [aShownPlan()]);
  });

  it('trusts no digest that it has not computed itself', async () => {
    const { url } = await open(showing({ planDigest: digestOf('another plan') }));

    const { code, stderr } = await runCommand([...args, '--url', url]);

    assert.equal(code, 14);
    assert.match(stderr, /DigestMismatch/);
  });
});

describe('deploy', () => {
  const args = ['deploy', '--env', 'prod', '--strategy', 'btc-momentum', '--as', 'trader', '--detach'];

  it('launches nothing else than it has shown: the refusal says what has changed', async () => {
    const { url } = await open((app) =>
      app.post('/v1/strategies/:id/launches', () => problem(409, 'PlanChanged', 'limits.leverageCap was 3, is 5')),
    );

    const { code, stderr } = await runCommand([...args, '--url', url]);

    assert.equal(code, 14);
    assert.match(stderr, /limits\.leverageCap was 3, is 5/);
  });

  it('names a plan that is too large to be sent along by its digest alone, and asks for a launch without one where there is none', async () => {
    const plan = aPlan({ parameters: { table: 'x'.repeat(60_000) } });
    const large = await open(showing({ plan, planDigest: digestOf(plan) }));
    const none = await open(showing({ plan: null, planDigest: null, verdict: 'no-go' }));

    await runCommand([...args, '--url', large.url]);
    await runCommand([...args, '--url', none.url]);

    assert.deepEqual(large.requests.at(-1)?.body, { environment: 'prod', expectedPlan: digestOf(plan) });
    assert.deepEqual(none.requests.at(-1)?.body, { environment: 'prod' });
  });
});

describe('approvals', () => {
  const data = demoData('risk');
  const base = ['--as', 'risk', '--data', data];
  const launch = (more = {}) => {
    const document = aLaunchDocument();
    return anApproval({ document, digest: digestOf(document), ...more });
  };

  it('show prints the exact plan, its digest, who has signed and until when, and what has changed meanwhile', async () => {
    const changed = [{ path: 'limits.leverageCap', approved: '3', now: '5' }];
    const signatures = [
      { actor: 'sub-1', role: 'execution-trader', decision: 'approve', at: '2026-11-23T14:05:09.000Z' },
    ];
    const { url, requests } = await open((app) =>
      app.get(APPROVAL, (c) => c.json(launch({ changed, stands: false, signatures }))),
    );

    const { code, stdout } = await runCommand(['approvals', 'show', 'an-id', ...base, '--url', url]);

    assert.equal(code, 0);
    for (const words of [
      `plan ${aLaunchDocument().planDigest}`,
      '"planDigest"',
      'CHG-1',
      'execution-trader (sub-1), 2026-11-23',
      'risk-officer',
      '2026-11-23 14:35:09Z',
      'holds no longer',
      'limits.leverageCap: 3 -> 5',
    ])
      assert.ok(stdout.includes(words), `${words} is not in\n${stdout}`);
    assert.ok(requests.every(({ method }) => method === 'GET'));
  });

  it('show is the question itself with --output jsonl, and shows no document under the digest of another', async () => {
    const { url } = await open((app) => app.get(APPROVAL, (c) => c.json(launch())));
    const document = aLaunchDocument({ plan: aPlan({ maxOrdersPerSec: 50 }) });
    const swapped = await open((app) =>
      app.get(APPROVAL, (c) => c.json(launch({ document, digest: digestOf(document) }))),
    );

    const { lines } = await runCommand(['approvals', 'show', 'an-id', ...base, '--url', url, '--output', 'jsonl']);
    const { code } = await runCommand(['approvals', 'show', 'an-id', ...base, '--url', swapped.url]);

    assert.deepEqual([lines.length, code], [1, 14]);
  });

  it('decline sends the reason, and does nothing without one', async () => {
    const { url, requests } = await open((app) =>
      app.post('/v1/approvals/:id/signatures', (c) =>
        c.json({
          approval: launch({ status: 'declined' }),
          summary: 'declined',
          receipt: { log: 'x', index: 1, leafHash: 'y' },
        }),
      ),
    );

    const without = await runCommand(['approve', 'an-id', '--decline', '--yes', ...base, '--url', url]);
    const declined = await runCommand([
      'approvals',
      'decline',
      'an-id',
      '--reason',
      'not today',
      '--yes',
      '--detach',
      ...base,
      '--url',
      url,
    ]);

    assert.deepEqual([without.code, declined.code], [2, 0]);
    assert.deepEqual(
      requests.filter(({ method }) => method === 'POST').map(({ body }) => body),
      [{ decision: 'decline', digest: anApproval().digest, reason: 'not today' }],
    );
  });

  it('sign is what approve is, and the list comes without a word more', async () => {
    const { url } = await open();

    const { stdout } = await runCommand(['approvals', ...base, '--url', url]);
    const listed = await runCommand(['approvals', 'list', ...base, '--url', url]);
    const unasked = await runCommand(['approvals', 'sign', 'an-id', ...base, '--url', url]);

    assert.equal(stdout, listed.stdout);
    assert.match(stdout, /btc-momentum/);
    assert.match(unasked.stderr, /NoConsent/);
  });
});
