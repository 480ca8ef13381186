import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { DriftReviews } from '../../cli/drift-replies.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { HARDLY_FILLED } from './evidence.ts';
import { launchedUntil } from './launching.ts';
import { BTC, onALocalHost } from './on-a-local-host.ts';

/** Positions are compared once a minute. */
const A_MINUTE_AND_SOME_MS = 90_000;

describe('runbook 3.3: positions that differ from their targets', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  const reviews = async () => DriftReviews.parse(await here.look(`/v1/drift-reviews?strategy=${BTC}`)).reviews;
  const review = (what: string, is: (found: Awaited<ReturnType<typeof reviews>>) => boolean) =>
    eventually(what, () => delay(200).then(reviews), is, A_MINUTE_AND_SOME_MS);
  const story = async () => {
    const { entries } = await here.log(BTC);
    return entries.map(({ entry }) => String(entry['type'])).filter((type) => type.startsWith('drift.'));
  };

  it('are brought before the quant on call within a minute, with what is held and what was meant', async () => {
    await here.evidence.approve(BTC, HARDLY_FILLED);
    await launchedUntil(here, BTC, 'nothing: it is live');
    await here.fault('drift', true, 'btc-momentum-1');

    const [found] = await review('a drift review', ({ length }) => length > 0);

    assert.deepEqual([found?.status, found?.lines[0]?.instrument], ['open', 'BTC-USD']);
    assert.ok(Number(found?.lines[0]?.drift) > 0.005, JSON.stringify(found));
    assert.deepEqual(await story(), ['drift.opened']);
  });

  it('are no news any more once the quant has accepted them with a note', async () => {
    const refused = await here.cli('drift', 'review', '--accept', '--note', 'mine', '--as', 'trader');
    const { code, words } = await here.cli('drift', 'review', '--accept', '--note', 'rebalancing', '--as', 'quant');

    assert.notEqual(refused.code, 0);
    assert.equal(code, 0, words);
    const [found] = await reviews();
    assert.deepEqual([found?.status, found?.note], ['accepted', 'rebalancing']);
    assert.deepEqual(await story(), ['drift.opened', 'drift.accepted']);
  });

  it('end with the difference itself, while the strategy trades on', async () => {
    await here.fault('drift', false, 'btc-momentum-1');

    await review('the end of the review', ({ length }) => length === 0);

    assert.deepEqual(await story(), ['drift.opened', 'drift.accepted']);
    assert.equal((await here.view(BTC)).mode, 'ACTIVE');
  });
});
