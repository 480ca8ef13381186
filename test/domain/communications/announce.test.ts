import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type About, announce } from '../../../domain/communications/announce.ts';
import { Trigger } from '../../../domain/communications/delivery.ts';
import { RUN, START, STRATEGY } from '../../fakes/world.ts';

const about: About = { strategyId: STRATEGY, runId: RUN };
const told = (trigger: Trigger, more: Partial<About> = {}) =>
  announce(trigger, { ...about, ...more }, START).flatMap((each) => (each.kind === 'DELIVERY' ? [each.record] : []));

describe('announce', () => {
  it('tells of a kill whom runbook 5.1.3 and section 6 name together, in the words of the runbook first', () => {
    const messages = told('kill-switch', { reason: 'loss', expectedRecovery: 'soon', bridgeUrl: 'https://bridge' });

    assert.deepEqual(
      messages.map(({ channel }) => channel),
      ['PagerDuty bridge', 'on-call page', '#incidents', '#trading-ops', '#risk'],
    );
    for (const { audience, text } of messages) {
      assert.deepEqual(audience, ['Executive', 'Compliance', 'Trading Ops', 'Risk', 'On Call']);
      assert.match(
        text,
        /^Kill-switch triggered for btc-momentum due to loss\..*Expected recovery: soon. Bridge: https:\/\/bridge$/,
      );
    }
  });

  it('says what is not known, and what nobody configured', () => {
    assert.match(told('kill-switch', { reason: 'x' })[0]?.text ?? '', /recovery: not known. Bridge: not configured$/);
  });

  it('has words for every trigger, and one id for one message', () => {
    for (const trigger of Trigger.options) {
      const ids = [...told(trigger), ...told(trigger, { occasion: 'second' })].map(({ id }) => id);

      assert.ok(
        told(trigger).every(({ text }) => text.includes(STRATEGY)),
        trigger,
      );
      assert.equal(new Set(ids).size, ids.length, trigger);
    }
  });
});
