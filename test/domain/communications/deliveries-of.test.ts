import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { announce } from '../../../domain/communications/announce.ts';
import { cleanFact } from '../../../domain/communications/clean-fact.ts';
import { deliveriesOf, deliveryOn } from '../../../domain/communications/deliveries-of.ts';
import { Delivery } from '../../../domain/communications/delivery.ts';
import type { Message } from '../../../domain/communications/message.ts';
import { Trigger } from '../../../domain/communications/trigger.ts';
import { shippedMatrix } from '../../fakes/shipped-matrix.ts';
import { RUN, START, STRATEGY } from '../../fakes/world.ts';

const MATRIX = shippedMatrix();
const BRIDGE = 'https://bridge.example.com/a?b=1&c=2';
const about = { strategyId: STRATEGY, runId: RUN };

const messageOf = (records: ReturnType<typeof announce>): Message => {
  const [first] = records;
  return first?.kind === 'MESSAGE' ? first.record : assert.fail();
};
const killFor = (reason: string | undefined, more: { drill?: boolean } = {}): Message =>
  messageOf(announce('kill-switch', { ...about, reason, bridgeUrl: BRIDGE, ...more }, START));
const of = (message: Message): Delivery[] => deliveriesOf(message, MATRIX) ?? assert.fail('it has no row');

describe('deliveriesOf', () => {
  it('spreads a message over the channels of its row, each with everything that its proof needs', () => {
    const [bridge] = of(killFor('loss'));

    assert.deepEqual(Delivery.parse(bridge), {
      id: `${RUN}/kill-switch/PagerDuty bridge`,
      message: `${RUN}/kill-switch`,
      ...{ trigger: 'kill-switch', strategyId: STRATEGY, runId: RUN, channel: 'PagerDuty bridge', via: 'pagerduty' },
      audience: ['Executive', 'Compliance', 'Trading Ops', 'Risk', 'On Call'],
      severity: 'critical',
      subject: 'Kill-switch triggered for btc-momentum due to loss',
      text: `Kill-switch triggered for btc-momentum due to loss\nIt is halting; its venues are being checked.\nExpected recovery: not known. Bridge: ${BRIDGE}`,
      ...{ at: START.toISOString(), detectedAt: START.toISOString(), status: 'waiting', attempts: [] },
      ...{ page: 'trigger', dedupKey: 'btc-momentum/kill-switch', version: 1 },
    });
  });

  it('goes to those whom runbook 5.1.3 and section 6 name together for a kill', () => {
    assert.deepEqual(
      of(killFor('loss')).map(({ channel }) => channel),
      ['PagerDuty bridge', 'on-call page', '#incidents', '#trading-ops', '#risk'],
    );
  });

  it('says what is not known, what nobody gave and what nobody configured', () => {
    const nothing = messageOf(announce('kill-switch', about, START));

    assert.match(of(nothing)[0]?.text ?? '', /due to not given\n.*\n.*recovery: not known. Bridge: not configured$/);
  });

  it('has words for every trigger, one id for each channel, and none that says the name of a fact', () => {
    for (const trigger of Trigger.options) {
      const all = of(messageOf(announce(trigger, { ...about, channel: '#risk' }, START)));

      assert.ok(all.length > 0, trigger);
      assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
      for (const { text } of all) assert.doesNotMatch(text.replaceAll(/<https:[^>]*>/g, ''), /[<>]/, trigger);
    }
  });

  it('gives one incident of a pager one key, which later rows acknowledge and resolve', () => {
    const pages = ['kill-switch', 'kill-confirmed', 'launch-allowed'] as const;
    const bridge = pages.map((trigger) =>
      deliveryOn('PagerDuty bridge', messageOf(announce(trigger, about, START)), MATRIX),
    );

    assert.deepEqual(
      bridge.map((each) => [each?.page, each?.dedupKey]),
      [
        ['trigger', 'btc-momentum/kill-switch'],
        ['acknowledge', 'btc-momentum/kill-switch'],
        ['resolve', 'btc-momentum/kill-switch'],
      ],
    );
    assert.equal(deliveryOn('#risk', killFor('loss'), MATRIX)?.dedupKey, undefined);
    assert.equal(of(messageOf(announce('unauthorised-kill', {}, START)))[1]?.dedupKey, 'desk/unauthorised-kill');
  });

  it('ends the incident of a halt however the strategy comes to trade again, so that the next halt pages anew', () => {
    const pages = (['preemptive-halt', 'resume-live', 'launch-live'] as const).map((trigger) =>
      deliveryOn('on-call page', messageOf(announce(trigger, about, START)), MATRIX),
    );

    assert.deepEqual(
      pages.map((each) => [each?.page, each?.dedupKey]),
      ['trigger', 'resolve', 'resolve'].map((page) => [page, 'btc-momentum/preemptive-halt']),
    );
  });

  it('says DRILL first on every channel, is never urgent, and pages nobody', () => {
    const all = of(killFor('loss', { drill: true }));

    assert.deepEqual(
      all.map(({ channel, severity, drill }) => [channel, severity, drill]),
      ['#incidents', '#trading-ops', '#risk'].map((channel) => [channel, 'info', true]),
    );
    for (const { subject, text } of all) for (const said of [subject, text]) assert.match(said, /^DRILL: Kill-switch/);
    assert.equal(deliveryOn('on-call page', killFor('loss', { drill: true }), MATRIX), undefined);
    assert.equal(deliveryOn('on-call mail', killFor('loss', { drill: true }), MATRIX)?.severity, 'info');
  });

  it('is nothing where the stored matrix has no row yet, and no delivery on a channel that it does not know', () => {
    const { 'kill-switch': _gone, ...rows } = MATRIX.rows;

    assert.equal(deliveriesOf(killFor('loss'), { ...MATRIX, rows }), undefined);
    assert.equal(deliveryOn('#risk', killFor('loss'), { ...MATRIX, rows }), undefined);
    assert.equal(deliveryOn('#nobody', killFor('loss'), MATRIX), undefined);
  });

  it('tries one channel alone where somebody tests it', () => {
    const test = messageOf(announce('channel-test', { channel: 'email', by: 'sub-sre', occasion: '1' }, START));

    assert.deepEqual(
      of(test).map(({ channel, subject }) => [channel, subject]),
      [['email', 'Test of email by sub-sre: nothing has happened']],
    );
    assert.deepEqual(of(messageOf(announce('channel-test', {}, START))), []);
  });
});

/** What Slack shows of mrkdwn that holds no markup: entities are characters again, and the joiner cannot be seen. */
const shownBySlack = (text: string): string =>
  text
    .replaceAll('\u2060', '')
    .replaceAll(/&(lt|gt|amp);/g, (_all, name: string) => ({ lt: '<', gt: '>', amp: '&' })[name] ?? '');

const hostile = [
  '<!channel> <!here> <!subteam^S1> <@U1> <#C1>',
  '<https://evil.example.com|Approve> https://evil.example.com www.evil.example.com',
  '*bold* _it_ ~gone~ `code` ```block``` > quote',
  '@here @channel @everyone #trading-ops :fire: :+1:',
  '<strategy> <reason> <bridgeUrl> &lt;!channel&gt; &amp;',
  'Subject: x\r\nBcc: all@example.com\r\n\r\n<script>alert(1)</script>',
];
const reasons = fc.oneof(
  fc.constantFrom(...hostile),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom('<', '>', '&', '!', '@', '#', '*', '_', '~', '`', ':', '//', '|', 'here', 'lt;', ' ', '\n', '$&'),
    )
    .map((all) => all.join('')),
);

describe('no template can be injected', () => {
  const every = (judge: (delivery: Delivery, clean: string) => void) =>
    fc.assert(
      fc.property(reasons, fc.boolean(), (reason, drill) => {
        const clean = cleanFact('reason', reason) || 'not given';
        const kill = killFor(reason, { drill });
        for (const channel of Object.keys(MATRIX.channels)) {
          const delivery = deliveryOn(channel, kill, MATRIX);
          if (delivery) judge(delivery, clean);
        }
      }),
      { seed: 62, numRuns: 400, examples: hostile.map((each) => [each, false]) },
    );

  it('whatever the reason, every channel shows it as it was written, and nothing else of it', () => {
    every(({ via, text, subject, drill }, clean) => {
      const line = `${drill ? 'DRILL: ' : ''}Kill-switch triggered for btc-momentum due to ${clean}`;
      const shown = via === 'slack' ? shownBySlack(text) : text;

      assert.equal(shown.split('\n')[0], line);
      assert.equal(shown.split('\n').length, 3);
      assert.ok(subject === line || (subject.endsWith('…') && line.startsWith(subject.slice(0, -1))));
    });
  });

  it('whatever the reason, Slack finds no mention, link, command or format in it', () => {
    every(({ via, text }) => {
      if (via !== 'slack') return;
      const marked = text.replace(`<${BRIDGE.replace('&', '&amp;')}>`, 'the bridge, which is ours');

      assert.doesNotMatch(marked, /[<>]/, 'mentions, links and commands begin so');
      assert.doesNotMatch(marked, /&(?!(amp|lt|gt);)/);
      assert.doesNotMatch(marked, /[@#](?!\u2060)|:\/\/|:(?!\d\d:)[\w+'-]+:/, 'names, addresses, emoji');
      assert.doesNotMatch(marked, /(?<!\u2060)[*_~`]|[*_~`](?!\u2060)|(?<!\u2060)&gt;/, 'formats');
    });
  });

  it('whatever the reason, no subject has a second line, and none is longer than its channel takes', () => {
    every(({ via, subject }) => {
      assert.doesNotMatch(subject, /[\p{Cc}\u2028\u2029]/u);
      assert.ok([...subject].length <= (via === 'pagerduty' ? 1_024 : 250));
    });
  });
});
