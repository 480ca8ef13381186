import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readPlan } from '../../domain/plan/read-plan.ts';
import { checkDigest } from '../../page/check-digest.ts';
import { launchView } from '../../page/launch-view.ts';
import { signView } from '../../page/sign-view.ts';
import { aLaunchDocument, aPlan, aWarning } from '../cli/a-plan.ts';
import { STRATEGY, world } from '../fakes/world.ts';
import { aSession } from './a-session.ts';

const difference = { path: 'limits.leverageCap', approved: '3', now: '5' };
const asked = (more = {}, document = aLaunchDocument()) => aSession({ kind: 'launch-confirmation', document, ...more });
const viewOf = async (session = asked()) =>
  signView(session, await checkDigest(session.approval, session.options.challenge));

describe('launchView', () => {
  it('puts into plain words what the document says of a launch, its gates, and what is new', () => {
    const since = { run: 'launch-1', count: 3, differences: [difference] };
    const alsoLive = [{ strategy: 'eurusd-carry', mode: 'ACTIVE' }];
    const overrides = [{ id: 'override-1', checks: ['smoke.latency'], reason: 'known' }];

    const view = launchView(aLaunchDocument({ since, alsoLive, gates: [aWarning], plan: aPlan({ overrides }) }));

    const facts = Object.fromEntries(view?.facts ?? []);
    assert.deepEqual(
      [facts['Limit of BTC-USD'], facts['Venues'], facts['At worst'], facts['Overrides'], facts['Also live there']],
      [
        '1000 USD, position 2',
        'XSIM (simulated)',
        '1000 USD notional, killed at 2000; 5 orders a second',
        'override-1: smoke.latency, because known',
        'eurusd-carry (ACTIVE)',
      ],
    );
    assert.deepEqual([view?.gates, view?.differences], [[{ mark: '!', text: 'smoke: latency is 200' }], [difference]]);
    assert.equal(view?.since, '3 differences from launch-1; the first 1 are below.');
  });

  it('says that nothing is new, or that there is nothing to compare with', () => {
    const since = { run: 'launch-1', count: 0, differences: [] };

    assert.equal(launchView(aLaunchDocument({ since }))?.since, 'Nothing is new since launch-1.');
    assert.match(launchView(aLaunchDocument())?.since ?? '', /no earlier launch/);
  });

  it('reads the very plan that the control plane drafts', async () => {
    const plan = await readPlan(STRATEGY, world().ports);

    assert.ok(launchView(aLaunchDocument({ plan })));
  });

  it('has nothing to say of other documents, and writes out what cannot be seen', () => {
    const gates = [{ gate: 'x', verdict: 'odd', summary: 'turned\u202eround' }];

    assert.equal(launchView({ action: 'confirm kill' }), undefined);
    assert.deepEqual(launchView(aLaunchDocument({ gates }))?.gates, [{ mark: '?', text: 'turned\\u202eround' }]);
  });
});

describe('signView of a launch', () => {
  it('shows it in plain words beside the document, to be signed', async () => {
    const { launch, changed, maySign } = await viewOf();

    assert.deepEqual([launch?.gates.length, changed, maySign], [1, [], true]);
  });

  it('can only be declined once the plan has changed, and says what has', async () => {
    const { changed, maySign, mayDecline, notice } = await viewOf(asked({ changed: [difference] }));

    assert.deepEqual([changed, maySign, mayDecline], [[difference], false, true]);
    assert.match(notice ?? '', /holds no longer/);
  });

  it('puts nothing into words that is not what would be signed', async () => {
    const session = asked();
    const check = await checkDigest(session.approval, 'another challenge');

    assert.equal(signView(session, check).launch, undefined);
  });
});
