import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { FRESH } from '../../engine-sim/engine/engine-state.ts';
import { type InstanceCore, instanceCore } from '../../engine-sim/engine/instance-core.ts';
import { leaseClient } from '../../engine-sim/engine/lease-client.ts';
import { type Listening, listen } from '../../engine-sim/program/listen.ts';

const granted = { mode: 'ACTIVE', maxOrdersPerSec: 10, epoch: 3, expiresInMs: 5_000 };

describe('the lease client', () => {
  let plane: Listening;
  let core: InstanceCore;
  let renew: () => Promise<void>;
  let arrivedAt = 0;
  let answer: () => Promise<Response> | Response;
  before(async () => {
    plane = await listen(() => {
      arrivedAt = performance.now();
      return answer();
    }, 0);
  });
  after(() => plane.close());
  beforeEach(() => {
    const clock = { elapsed: () => performance.now(), wall: () => Date.now() };
    core = instanceCore('i', { read: () => FRESH, write: async () => undefined }, clock, () => undefined);
    renew = leaseClient({
      core,
      controlPlane: plane.url,
      strategyId: 's',
      token: { get: async () => undefined, drop: () => undefined },
      report: () => ({ roundTrip: { counts: [] } }),
      answered: () => undefined,
      thawed: async () => undefined,
      log: () => undefined,
    });
  });

  it('counts a lease from before its request left, however long the reply took', async () => {
    answer = () => delay(40).then(() => Response.json(granted));
    const asked = performance.now();

    await renew();

    const sent = core.state().lease?.sent.elapsed ?? Number.NaN;
    assert.ok(asked <= sent && sent <= arrivedAt, `${asked} <= ${sent} <= ${arrivedAt}`);
  });

  it('drops a reply that it cannot read whole, or that grants more than a minute', async () => {
    const { epoch: _left, ...withoutEpoch } = granted;
    for (const reply of [{ ...granted, expiresInMs: 60_001 }, { ...granted, expiresInMs: 0 }, withoutEpoch, 'ACTIVE']) {
      answer = () => Response.json(reply);
      await renew();
      assert.equal(core.state().lease, null);
    }
  });

  it('adopts the epoch of a lease called expired, and changes nothing on any other reply', async () => {
    answer = () => Response.json({ code: 'LeaseExpired', facts: { epoch: 9 } }, { status: 409 });
    await renew();
    const state = core.state();

    for (const status of [401, 403, 409, 500]) {
      answer = () => Response.json({ code: 'Other', facts: { epoch: 99 } }, { status });
      await renew();
    }

    assert.deepEqual([state.epoch, core.state()], [9, state]);
  });
});
