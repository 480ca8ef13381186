import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { agreed } from './agreed-policy.ts';
import { confirmedOnce, isWithdrawn, launchedUntil, noes, stopPath } from './launching.ts';
import { BTC, onALocalHost } from './on-a-local-host.ts';

/** On a host of its own: what an engine remembers of its acknowledgements (the last minute) decides here. */
describe('runbook 2: go or no-go, by healthy order acknowledgements', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();

  it('says no-go while acknowledgements get lost and the queue backs up', async () => {
    await launchedUntil(here, BTC, 'nothing: it is live');
    await here.fault('drop-acks', true);
    await eventually('a backlog', here.eyes[BTC].engine, ({ queueBacklog }) => Number(queueBacklog) > 0, 20_000);
    await agreed(here.host.data, BTC, { drainSeconds: 1 });
    const stop = await here.ended(await here.accepted(stopPath(BTC), { as: 'trader' }));
    assert.equal(stop.status, 'SUCCEEDED');
    const { run, goOn } = await confirmedOnce(here, BTC);

    await goOn();

    const failure = await isWithdrawn(here, run, BTC, 'KillPathNotProved');
    await here.fault('drop-acks', false);
    const named = ['kill-path.btc-momentum-1.XSIM.cancel', 'btc-momentum-1.acknowledgements', 'btc-momentum-1.queue'];
    assert.deepEqual(
      noes(failure).filter((check) => named.includes(check)),
      named,
    );
  });
});
