import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { DrillView } from '../../cli/replies.ts';
import { digestOfBytes } from '../../domain/ledger/digest.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { controlTable } from './control-table.ts';
import { HARDLY_FILLED } from './evidence.ts';
import { launchedUntil, launchPath } from './launching.ts';
import { BTC, EUR, type OnALocalHost, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { cliRefused } from './refused.ts';
import { TOLD_OF_A_DRILL, told } from './told.ts';

const Opened = z.looseObject({ runId: z.string() });

const drillKill = (here: OnALocalHost, strategy: string) =>
  here.cli('drill', 'kill', '--strategy', strategy, '--reason', 'quarterly', '--as', 'sre');

/** A strategy that trades, with orders that rest at its venue. */
async function trading(here: OnALocalHost): Promise<void> {
  await here.evidence.approve(BTC, HARDLY_FILLED);
  await launchedUntil(here, BTC, 'nothing: it is live');
  await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);
}

const entriesOf = async (here: OnALocalHost, type: string) =>
  (await here.log(BTC)).entries.map(({ entry }) => entry).filter((entry) => entry['type'] === type);

/** What the times alone say; which way it goes is for the machine that runs this, and decides no test. */
const keepsBudgets = ({ score }: DrillView) =>
  score.phases.every(({ ms, budgetMs, phase }) => (ms === null ? phase === 'confirmed' : ms <= budgetMs));

/** Registers the strategy's venues as something else, as a deployment would. */
async function registerAs({ host }: OnALocalHost, strategy: string, kind: string): Promise<void> {
  const { dynamo, table, end } = await controlTable(host.data);
  const venue = { '#record': 'record', '#kind': 'kind' };
  await dynamo.send(
    new UpdateCommand({
      TableName: table,
      Key: { pk: `REGISTRATION#${strategy}` },
      UpdateExpression: 'SET #record.venues[0].#kind = :kind',
      ExpressionAttributeNames: venue,
      ExpressionAttributeValues: { ':kind': kind },
    }),
  );
  end();
}

describe('runbook 5.1: a drill of the kill', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  let run: string;

  it('is refused for a strategy that is registered as live, though everything else is simulated: nothing is halted', async () => {
    await registerAs(here, EUR, 'live');

    const refused = await drillKill(here, EUR);

    cliRefused(refused, 'NotASimulator', 13);
    assert.match(refused.words, /nothing was halted, and no drill was opened/);
    const { mode, epoch, latch } = await here.view(EUR);
    assert.deepEqual([mode, epoch, latch], ['OFF', 0, null]);
    assert.equal(
      (await here.log(EUR)).entries.some(({ entry }) => String(entry['type']).startsWith('drill')),
      false,
    );
  });

  it('kills a strategy that trades, for real, and times every phase; the exit code says what the times say', async () => {
    await trading(here);

    const { code, lines, words } = await drillKill(here, BTC);

    const view = DrillView.parse(lines.findLast((line) => 'score' in line));
    run = Opened.parse(lines[0]).runId;
    const reached = view.score.phases.filter(({ ms }) => ms !== null).map(({ phase }) => phase);
    assert.deepEqual(reached, ['latched', 'halted', 'venue zero', 'notified'], words);
    assert.equal(code, keepsBudgets(view) ? 0 : 18, words);
    assert.match(words, /another person confirms the kill[\s\S]*approve .* --as/);
    assert.equal(await here.eyes[BTC].restingOrders(), 0);
    assert.equal((await here.view(BTC)).mode, 'KILLED');
  });

  it('says DRILL first in every message, and stops no launch but that of its own strategy', async () => {
    const ofDrill = await told(here, { trigger: 'kill-switch', run }, TOLD_OF_A_DRILL);
    const [frozen] = await eventually(
      'freeze.set',
      () => entriesOf(here, 'freeze.set'),
      ({ length }) => length === 1,
    );

    assert.ok(ofDrill.every(({ text, drill }) => text.startsWith('DRILL: ') && drill === true));
    assert.equal(Object(frozen?.['payload']).scope, BTC);
    assert.equal((await here.ask(launchPath(EUR), { as: 'trader', body: { environment: 'prod' } })).status, 202);
    assert.equal((await here.ask(launchPath(BTC), { as: 'trader', body: { environment: 'prod' } })).status, 409);
  });

  it('is scored when its kill is certified: in the ledger, as evidence, and in the list', async () => {
    await here.question(run, 'kill-confirmation');
    for (const as of ['sre', 'risk']) await here.cli('approve', '--strategy', BTC, '--as', as, '--yes');
    assert.equal((await here.ended(run)).status, 'SUCCEEDED');

    const { code, lines, words } = await here.cli('drill', 'show', run, '--as', 'auditor');

    const view = DrillView.parse(lines[0]);
    assert.equal(code, keepsBudgets(view) ? 0 : 18, words);
    assert.deepEqual(
      [view.score.verdict, view.drill.verdict],
      keepsBudgets(view) ? ['passed', 'passed'] : ['failed', 'failed'],
    );
    assert.ok(view.score.phases.every(({ ms }) => ms !== null));
    const [scored] = await entriesOf(here, 'drill.scored');
    const { score, record } = Object(scored?.['payload']);
    assert.deepEqual([score.phases, record], [view.score.phases, view.record]);
    assert.equal(record.hash, digestOfBytes(await here.evidence.read(record.key)));
    assert.match(record.key, /^reports\/live\/\d{4}-\d\d-\d\d\/btc-momentum\/kill-.*\/drill\.json$/);
    assert.match(
      (await here.cli('drill', 'ls', '--as', 'auditor')).lines.map((line) => JSON.stringify(line)).join(),
      new RegExp(run),
    );
  });

  it('leaves a ledger that is whole and gives nothing away', async () => {
    await ledgersAreWhole(here, [BTC, EUR]);
    await nothingIsGivenAway(here, [BTC, EUR]);
  });
});

describe('runbook 5.1: a drill whose venue refuses to cancel', {
  skip: !isDeep && 'npm run test:deep waits for the budget',
}, () => {
  const here = onALocalHost();

  it('fails, and says of what: the venue, and how much still rests there', async () => {
    await trading(here);
    await here.fault('refuse-cancel', true);

    const { code, words } = await drillKill(here, BTC);

    assert.equal(code, 18, words);
    assert.match(words, /the drill of btc-momentum failed: .*venue zero \(\d+ orders still rest at XSIM\)/);
    await here.fault('refuse-cancel', false);
  });
});
