import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { InstanceStatus } from '../../../domain/kill/push-halt.ts';
import { pushUntilKept } from '../../../domain/kill/push-until-kept.ts';

const HALTED: InstanceStatus = { instanceId: 'engine-1', status: 'halted', haltedAt: '2026-11-24T12:00:00.000Z' };
const AWAY: InstanceStatus = { instanceId: 'engine-1', status: 'unreachable', detail: 'no answer' };

/** A push that is answered so, one answer a round; the last one again and again. */
function pushes(...answers: InstanceStatus[]) {
  const rounds: number[] = [];
  const push = async () => {
    rounds.push(rounds.length);
    return [answers[Math.min(rounds.length, answers.length) - 1] ?? AWAY];
  };
  return { push, rounds };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));
async function seconds({ mock }: TestContext, count: number) {
  for (let second = 0; second < count; second += 1) {
    await settle();
    mock.timers.tick(1_000);
  }
  await settle();
}
const never = new Promise<never>(() => {});

describe('pushUntilKept', () => {
  it('pushes once when the kill is kept by then', async () => {
    const { push, rounds } = pushes(HALTED);

    assert.deepEqual(await pushUntilKept(push, { begun: never, kept: Promise.resolve() }), [HALTED]);
    assert.equal(rounds.length, 1);
  });

  it('pushes again each second while the kill is not kept', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const { push, rounds } = pushes(AWAY, AWAY, HALTED);
    const kept = Promise.withResolvers<void>();

    const pushing = pushUntilKept(push, { begun: Promise.resolve(), kept: kept.promise });
    await seconds(test, 3);
    kept.resolve();

    assert.deepEqual(await pushing, [HALTED]);
    assert.equal(rounds.length, 4);
  });

  it('does not take back a halt that an instance has told when it does not answer again', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const { push } = pushes(HALTED, AWAY);
    const kept = Promise.withResolvers<void>();

    const pushing = pushUntilKept(push, { begun: Promise.resolve(), kept: kept.promise });
    await seconds(test, 1);
    kept.reject(new Error('the store is down'));

    assert.deepEqual(await pushing, [HALTED]);
  });

  it('waits with the repeats until the kill has its turn at the store: five hundred would be pushed in vain', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const { push, rounds } = pushes(HALTED);
    const kept = Promise.withResolvers<void>();

    const pushing = pushUntilKept(push, { begun: never, kept: kept.promise });
    await seconds(test, 3);
    kept.resolve();

    await pushing;
    assert.equal(rounds.length, 1);
  });
});
