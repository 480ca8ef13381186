import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Trigger } from '../../domain/communications/trigger.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { answer, killed, launchedUntil, stopPath } from './launching.ts';
import { BTC, EUR, onALocalHost } from './on-a-local-host.ts';
import { changesNothing } from './refused.ts';
import { deliveriesNow, TOLD_OF_A_KILL, told } from './told.ts';

describe('runbook 6: communication matrix', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  let kill: string;
  const heard = (trigger: Trigger, channels: readonly string[]) => told(here, { trigger, strategy: EUR }, channels);

  it('launch start: "Runbook: Launching <strategy>" to #trading-ops for Trading Ops, Risk and Quant On Call', async () => {
    await launchedUntil(here, EUR, 'two confirmations');

    const [message] = await heard('launch-start', ['#trading-ops']);

    assert.deepEqual(
      [message?.text, message?.audience],
      [`Runbook: Launching ${EUR}`, ['Trading Ops', 'Risk', 'Quant On Call']],
    );
  });

  it('planned halt: "Runbook: Stopping <strategy>" to #trading-ops for Trading Ops and Risk, and when it is done', async () => {
    const stop = await here.accepted(stopPath(EUR), { as: 'trader', body: { reason: 'the day is over' } });
    await here.ended(stop);

    const [halt] = await heard('planned-halt', ['#trading-ops']);
    const [done] = await heard('halt-confirmed', ['#trading-ops', 'on-call page']);

    assert.deepEqual([halt?.text, halt?.audience], [`Runbook: Stopping ${EUR}`, ['Trading Ops', 'Risk']]);
    assert.deepEqual([done?.text, done?.audience], [`${EUR} is stopped and settled`, ['Trading Ops', 'Risk']]);
  });

  it('a launch that does not happen is told with its reason', async () => {
    const [message] = await heard('launch-withdrawn', ['#trading-ops']);

    assert.match(String(message?.text), /^Launch of eurusd-carry withdrawn: .*stops the strategy/);
  });

  it('kill-switch activation: to PagerDuty bridge, on-call and #incidents, and to #trading-ops and #risk, with reason, expected recovery and bridge', async () => {
    kill = await killed(here, EUR, 'trader', 'fat finger <!channel>');

    const messages = await heard('kill-switch', TOLD_OF_A_KILL);

    for (const { subject, text, audience, via } of messages) {
      const said = via === 'slack' ? 'fat finger &lt;!channel&gt;' : 'fat finger <!channel>';
      assert.equal(subject, `Kill-switch triggered for ${EUR} due to fat finger <!channel>`);
      assert.match(text.replaceAll('\u2060', ''), new RegExp(`^Kill-switch triggered for ${EUR} due to ${said}\n`));
      assert.match(text, /Expected recovery: \d{4}-\S+Z\. Bridge: <?https:\/\/bridge\.example\.com\/fx>?$/);
      for (const who of ['Executive', 'Compliance', 'Trading Ops', 'Risk', 'On Call'])
        assert.ok(audience.includes(who));
    }
  });

  it('is one incident: the second signature acknowledges it by the key under which the kill opened it', async () => {
    const question = await here.question(kill, 'kill-confirmation');

    for (const as of ['trader', 'risk'] as const) assert.equal((await answer(here, question, as)).status, 200);

    const opened = await heard('kill-switch', TOLD_OF_A_KILL);
    const confirmed = await heard('kill-confirmed', ['PagerDuty bridge', 'on-call page', '#incidents']);
    const pages = (all: typeof opened) => all.flatMap(({ page, dedupKey }) => (page ? [`${page} ${dedupKey}`] : []));
    assert.deepEqual(
      pages(opened),
      [1, 2].map(() => `trigger ${EUR}/kill-switch`),
    );
    assert.deepEqual(
      pages(confirmed),
      [1, 2].map(() => `acknowledge ${EUR}/kill-switch`),
    );
  });

  it('its certificate is told to all of them, and every message once only', async () => {
    assert.equal((await here.ended(kill)).status, 'SUCCEEDED');

    const [certificate] = await heard('kill-certificate', TOLD_OF_A_KILL);

    assert.match(String(certificate?.text), new RegExp(`tradepulse-cli kill-certificate ${kill} \\(sha256:`));
    for (const { attempts } of await deliveriesNow(here, { trigger: 'kill-switch' })) assert.equal(attempts.length, 1);
  });

  it('every message proves when it happened, when we knew, when it was sent and when it arrived', async () => {
    for (const { at, detectedAt, sentAt = '', acknowledgedAt = '' } of await deliveriesNow(here, {
      trigger: 'kill-switch',
    }))
      assert.deepEqual([at, detectedAt, sentAt, acknowledgedAt], [at, detectedAt, sentAt, acknowledgedAt].toSorted());
  });

  it('reading what was told tells nobody anything', async () => {
    const before = await deliveriesNow(here, { trigger: 'kill-switch' });

    const { code, lines } = await changesNothing(here, BTC, () => here.cli('comms', 'ls', '--as', 'auditor'));

    assert.equal(code, 0);
    assert.ok(lines.length >= 15);
    assert.deepEqual(await deliveriesNow(here, { trigger: 'kill-switch' }), before);
  });
});
