import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AT_A_TIME, courierLanes } from '../../../domain/communications/courier-lanes.ts';
import { virtualTime } from '../../fakes/virtual-time.ts';
import { START } from '../../fakes/world.ts';

const MINUTE = 60_000;
const lanes = (leftMs = MINUTE) => {
  const time = virtualTime(START);
  const { now, elapsedMs, pause } = time;
  const until = elapsedMs() + leftMs;
  const lane = courierLanes({ elapsedMs, pause, leftMs: () => until - elapsedMs() });
  const since = () => now().getTime() - START.getTime();
  /** Something that takes a second on a channel, then lets it rest for so long. */
  const send = (channel: string, restMs?: number) =>
    lane(channel)(async () => {
      const began = since();
      await pause(1_000);
      return { began, restMs };
    });
  return { time, lane, send, since };
};

describe('courierLanes', () => {
  it('takes so many at a time on one channel, and the rest in their order', async () => {
    const { time, send } = lanes();

    const sent = await time.during(Promise.all(Array.from({ length: 3 * AT_A_TIME }, () => send('#ops'))));

    assert.deepEqual(
      sent.map(({ began }) => began),
      [0, 1_000, 2_000].flatMap((began) => Array<number>(AT_A_TIME).fill(began)),
    );
  });

  it('lets no channel wait for another', async () => {
    const { time, send } = lanes();
    const slow = Array.from({ length: 5 * AT_A_TIME }, () => send('#ops'));

    const [sent] = await time.during(Promise.all([send('pager'), ...slow]));

    assert.equal(sent?.began, 0);
  });

  it('lets a channel rest that asks for it, and then takes one at a time', async () => {
    const { time, send } = lanes();
    const first = Array.from({ length: AT_A_TIME }, () => send('#ops', 5_000));

    const sent = await time.during(Promise.all([...first, send('#ops'), send('#ops'), send('#ops')]));

    assert.deepEqual(
      sent.slice(AT_A_TIME).map(({ began }) => began),
      [6_000, 7_000, 8_000],
    );
  });

  it('lets nobody rest beyond the time that is left', async () => {
    const { time, send } = lanes(3_000);

    const sent = await time.during(Promise.all([send('#ops', MINUTE), send('#ops')]).then(() => send('#ops')));

    assert.equal(sent.began, 3_000);
  });

  it('goes on to the next one when one fails', async () => {
    const { time, lane, send } = lanes();
    const failing = Array.from({ length: AT_A_TIME }, () => lane('#ops')(() => Promise.reject(new Error('no'))));

    const [, sent] = await time.during(Promise.all([Promise.allSettled(failing), send('#ops')]));

    assert.equal(sent.began, 0);
  });
});
