import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Deliveries } from '../../cli/replies.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { answer, killed, launchedUntil, stopPath } from './launching.ts';
import { EUR, onALocalHost } from './on-a-local-host.ts';
import { changesNothing } from './refused.ts';

describe('runbook 6: communication matrix', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  /** The messages of a trigger, as soon as there is one for each of the channels: text and audience by channel. */
  const told = async (trigger: string, channels: readonly string[]) => {
    const found = await eventually(
      `messages of ${trigger}`,
      async () =>
        Deliveries.parse(await here.look('/v1/deliveries')).deliveries.filter((each) => each.trigger === trigger),
      (messages) => messages.length >= channels.length,
    );
    assert.deepEqual(found.map(({ channel }) => channel).toSorted(), channels.toSorted());
    assert.deepEqual(
      new Set(found.map(({ status, strategyId }) => `${status} ${strategyId}`)),
      new Set([`outbox ${EUR}`]),
    );
    return found.map(({ text, audience }) => [text, [audience].flat()] as const);
  };

  it('launch start: "Runbook: Launching <strategy>" to #trading-ops for Trading Ops, Risk and Quant On Call', async () => {
    await launchedUntil(here, EUR, 'two confirmations');

    assert.deepEqual(await told('launch-start', ['#trading-ops']), [
      [`Runbook: Launching ${EUR}`, ['Trading Ops', 'Risk', 'Quant On Call']],
    ]);
  });

  it('planned halt: "Runbook: Stopping <strategy>" to #trading-ops for Trading Ops and Risk, and when it is done', async () => {
    const stop = await here.accepted(stopPath(EUR), { as: 'trader', body: { reason: 'the day is over' } });
    await here.ended(stop);

    const audience = ['Trading Ops', 'Risk'];
    assert.deepEqual(await told('planned-halt', ['#trading-ops']), [[`Runbook: Stopping ${EUR}`, audience]]);
    assert.deepEqual(await told('halt-confirmed', ['#trading-ops']), [[`${EUR} is stopped and settled`, audience]]);
  });

  it('a launch that does not happen is told with its reason', async () => {
    const [[text] = ['nothing']] = await told('launch-withdrawn', ['#trading-ops']);

    assert.match(text, /^Launch of eurusd-carry withdrawn: .*stops the strategy/);
  });

  const toldOfAKill = ['PagerDuty bridge', 'on-call page', '#incidents', '#trading-ops', '#risk'];

  it('kill-switch activation: to PagerDuty bridge, on-call and #incidents, and to #trading-ops and #risk, with reason, expected recovery and bridge', async () => {
    await killed(here, EUR, 'trader', 'fat finger');

    const messages = await told('kill-switch', toldOfAKill);

    const [text = 'nothing', ...others] = new Set(messages.map(([each]) => each));
    assert.deepEqual(others, []);
    assert.match(text, new RegExp(`^Kill-switch triggered for ${EUR} due to fat finger\\. `));
    assert.match(text, /Expected recovery: \d{4}-\S+Z\. Bridge: https:\/\/bridge\.example\.com\/fx$/);
    for (const who of ['Executive', 'Compliance', 'Trading Ops', 'Risk', 'On Call'])
      assert.ok(messages.every(([, audience]) => audience.includes(who)));
  });

  it('the confirmation of a kill is told as well, and its certificate, and every message once only', async () => {
    const [run] = (await here.log(EUR)).entries.flatMap(({ entry }) =>
      entry['type'] === 'kill.requested' ? [entry['run']] : [],
    );
    const question = await here.question(String(run), 'kill-confirmation');

    for (const as of ['trader', 'risk'] as const) assert.equal((await answer(here, question, as)).status, 200);

    await told('kill-confirmed', ['#incidents']);
    assert.equal((await here.ended(String(run))).status, 'SUCCEEDED');
    await told('kill-switch', toldOfAKill);
    await told('kill-certificate', toldOfAKill);
  });

  it('reading what was told tells nobody anything', async () => {
    const { code, lines } = await changesNothing(here, EUR, () => here.cli('deliveries', '--as', 'auditor'));

    assert.deepEqual([code, lines.length], [0, 15]);
  });
});
