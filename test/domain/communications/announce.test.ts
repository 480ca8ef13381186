import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { announce } from '../../../domain/communications/announce.ts';
import { Message } from '../../../domain/communications/message.ts';
import { RUN, START, STRATEGY } from '../../fakes/world.ts';

const about = { strategyId: STRATEGY, runId: RUN };
const messageOf = (records: ReturnType<typeof announce>): Message => {
  const [first, ...more] = records;
  assert.deepEqual([first?.kind, more], ['MESSAGE', []]);
  return Message.parse(first?.record);
};

describe('announce', () => {
  it('makes one message of a trigger, which knows its facts and no channel', () => {
    const message = messageOf(announce('launch-withdrawn', { ...about, reason: 'no lease' }, START));

    assert.deepEqual(message, {
      id: `${RUN}/launch-withdrawn`,
      trigger: 'launch-withdrawn',
      strategyId: STRATEGY,
      runId: RUN,
      facts: { time: START.toISOString(), strategy: STRATEGY, id: STRATEGY, run: RUN, reason: 'no lease' },
      at: START.toISOString(),
      detectedAt: START.toISOString(),
      version: 1,
    });
  });

  it('gives the same message the same id, and each occasion one of its own', () => {
    const first = messageOf(announce('incident-updated', about, START));

    assert.equal(messageOf(announce('incident-updated', about, new Date(0))).id, first.id);
    assert.equal(messageOf(announce('incident-updated', { ...about, occasion: 'o' }, START)).id, `${first.id}/o`);
  });

  it('is about a strategy that has no run, or about the desk, as well', () => {
    const ofStrategy = messageOf(announce('breach', { strategyId: STRATEGY, reason: 'p95 is 130 ms' }, START));
    const ofDesk = messageOf(announce('digest', { occasion: '2026-W48', week: '2026-W48' }, START));

    assert.equal(ofStrategy.id, `${STRATEGY}/breach`);
    assert.deepEqual(
      [ofDesk.id, ofDesk.facts],
      ['desk/digest/2026-W48', { time: START.toISOString(), week: '2026-W48' }],
    );
  });

  it('keeps when it happened and when a rule of ours knew apart, and that it is a drill', () => {
    const detectedAt = new Date(START.getTime() + 900).toISOString();

    const message = messageOf(announce('kill-switch', { ...about, detectedAt, drill: true }, START));

    assert.deepEqual([message.at, message.detectedAt, message.drill], [START.toISOString(), detectedAt, true]);
    assert.equal(messageOf(announce('kill-switch', { ...about, drill: false }, START)).drill, undefined);
  });

  it('leaves out what is not known', () => {
    assert.ok(!('reason' in messageOf(announce('kill-switch', { ...about, reason: undefined }, START)).facts));
  });

  it('stores no more of a text than a message may hold', () => {
    const { facts } = messageOf(announce('kill-switch', { ...about, reason: 'x'.repeat(100_000) }, START));

    assert.equal(facts['reason'], `${'x'.repeat(499)}…`);
  });
});
