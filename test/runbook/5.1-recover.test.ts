import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { filledIn } from '../../rehearsal/fill-in-post-mortem.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { healthTick, stepFunctions } from './aws-of-the-host.ts';
import { controlTable } from './control-table.ts';
import { HARDLY_FILLED } from './evidence.ts';
import { answer, killed, launchedUntil, launchPath } from './launching.ts';
import { BTC, type OnALocalHost, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { cliRefused, isRefusal } from './refused.ts';
import type { DemoName } from './tokens.ts';
import { deliveriesNow, TOLD_OF_A_KILL, told } from './told.ts';

const Steps = z.object({ steps: z.array(z.looseObject({ name: z.string() })) });

/** Lets the control plane believe that the launch it watches went live so much earlier, or later; answers when that is. */
async function liveSince(here: OnALocalHost, ms: number): Promise<string> {
  const liveAt = new Date(Date.now() + ms).toISOString();
  const { dynamo, table, end } = await controlTable(here.host.data);
  await dynamo.send(
    new UpdateCommand({
      TableName: table,
      Key: { pk: `RESTORATION#${BTC}` },
      UpdateExpression: 'SET #record.watched.liveAt = :at',
      ConditionExpression: 'attribute_exists(#record.watched)',
      ExpressionAttributeNames: { '#record': 'record' },
      ExpressionAttributeValues: { ':at': liveAt },
    }),
  );
  end();
  return liveAt;
}

describe('runbook 5.1: coming back from a kill', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  const recoveries = `/v1/strategies/${BTC}/recoveries`;
  const signs = async (runId: string, kind: string, ...people: DemoName[]) => {
    for (const as of people) {
      const { status, body } = await answer(here, await here.question(runId, kind), as);
      assert.equal(status, 200, JSON.stringify(body));
    }
  };
  let folder: string;
  let file: string;
  let kill: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'post-mortem-'));
    file = join(folder, 'post-mortem.md');
  });
  after(() => rm(folder, { recursive: true }));

  it('waits for the second person and the certificate: until then nothing recovers, and no post-mortem is taken', async () => {
    await here.evidence.approve(BTC, HARDLY_FILLED);
    await launchedUntil(here, BTC, 'nothing: it is live');

    kill = await killed(here, BTC, 'trader', 'quotes look wrong');

    isRefusal(await here.ask(recoveries, { as: 'trader2', body: {} }), 'KillNotProved', 409);
    cliRefused(await here.cli('post-mortem', 'draft', kill, '--as', 'sre'), 'NotFound', 2);
    await signs(kill, 'kill-confirmation', 'trader', 'risk');
    assert.equal((await here.ended(kill)).status, 'SUCCEEDED');
  });

  it('needs a post-mortem: drafted from the ledger, refused with line and reason until it is filled in', async () => {
    cliRefused(await here.cli('recover', '--strategy', BTC, '--as', 'trader2'), 'PostMortemMissing', 10);

    const { code, words } = await here.cli('post-mortem', 'draft', kill, '--file', file, '--as', 'sre');

    assert.equal(code, 0, words);
    const draft = await readFile(file, 'utf8');
    for (const known of ['kill.requested', 'kill.confirmed', 'sha256:', 'XSIM'])
      assert.ok(draft.includes(known), known);
    const refused = await here.cli('post-mortem', 'submit', kill, '--file', file, '--as', 'sre');
    cliRefused(refused, 'PostMortemInvalid', 2);
    assert.match(refused.words, /line \d+: the section "Impact" is empty/);
    await writeFile(file, filledIn(draft, 'yes'));
  });

  it('has it signed off by incident commander, service owner and risk: three people, one version', async () => {
    const submitted = await here.cli('post-mortem', 'submit', kill, '--file', file, '--as', 'sre');
    assert.equal(submitted.code, 0, submitted.words);
    assert.equal(await here.evidence.read(`reports/incidents/${kill}/v1.md`), await readFile(file, 'utf8'));

    for (const as of ['sre', 'trader2', 'risk'])
      assert.equal((await here.cli('post-mortem', 'sign', kill, '--as', as, '--yes')).code, 0, as);

    const { code, lines } = await here.cli('post-mortem', 'show', kill, '--as', 'auditor');
    assert.deepEqual([code, Object(lines[0]).signedOff], [0, true]);
    assert.match(Object(lines[0]).page, /blocks recovery\): open$/m);
  });

  it('cannot be started by hand in the console', async () => {
    const console = await stepFunctions(here.host.data);
    await console.start('recover', 'by-hand', { strategyId: BTC, epoch: 1 });

    assert.equal((await console.ended('recover', 'by-hand')).error, 'NoIntent');
    console.end();
  });

  it('asks two people who did not kill, and says who is missing', async () => {
    const { code, words, lines } = await here.cli(
      ...['recover', '--strategy', BTC, '--accept-exposure', 'hedged elsewhere', '--ticket', 'INC-7', '--as', 'sre'],
    );

    assert.equal(code, 0, words);
    assert.match(words, /two people recover it.*still needed: execution-trader and risk-officer/);
    const run = String(Object(lines[0]).runId);
    isRefusal(await answer(here, await here.question(run, 'recovery'), 'trader'), 'SamePerson', 409);
    isRefusal(await here.ask(recoveries, { as: 'trader2', body: {} }), 'RecoveryUnderWay', 409);
  });

  it('ends without lifting anything while an action that blocks is open, with every finding', async () => {
    const [run] = (await here.approvals()).filter(({ kind }) => kind === 'recovery').map(({ runId }) => runId);
    assert.ok(run);

    await signs(run, 'recovery', 'trader2', 'risk');

    const { status, failure } = await here.ended(run);
    assert.deepEqual([status, failure?.code], ['FAILED', 'ActionsOpen']);
    const noes = (failure?.findings ?? []).filter(({ verdict }) => verdict === 'no-go').map(({ check }) => check);
    assert.deepEqual(noes, ['post-mortem.actions']);
    assert.equal((await here.view(BTC)).mode, 'KILLED');
    isRefusal(await here.ask(launchPath(BTC), { as: 'trader', body: { environment: 'prod' } }), 'StrategyKilled', 409);
  });

  it('lifts freeze and latch once everything is safe; the strategy is off, its engine halted, its flag false', async () => {
    const done = await here.cli('post-mortem', 'action', 'done', kill, '1', '--evidence', 'PR 12', '--as', 'sre');
    assert.equal(done.code, 0, done.words);
    const body = { acceptExposure: { reason: 'hedged elsewhere' } };
    const run = await here.accepted(recoveries, { as: 'risk', body });

    await signs(run, 'recovery', 'trader2');
    await here.question(run, 'recovery');
    const { code, words } = await here.cli('approve', '--strategy', BTC, '--as', 'risk', '--yes');

    assert.equal(code, 0, words);
    const { status, failure } = await here.ended(run);
    assert.equal(status, 'SUCCEEDED', JSON.stringify(failure));
    const seen = await here.view(BTC);
    assert.deepEqual(
      [seen.mode, seen.latch, seen.tradingAllowed, await here.eyes[BTC].flag()],
      ['OFF', null, false, false],
    );
    assert.equal((await here.eyes[BTC].engine()).halted, true);
    const { steps } = Steps.parse(await here.look(`/v1/runs/${run}`));
    assert.deepEqual(
      steps.map(({ name }) => name),
      [...['Open recovery', 'Check post-mortem', 'Ask for two signatures', 'Check safety', 'Lift latch', 'Recovered']],
    );
    await told(here, { trigger: 'launch-allowed', run }, TOLD_OF_A_KILL);
  });

  it('and then a launch goes through to the end again', async () => {
    await launchedUntil(here, BTC, 'nothing: it is live');

    assert.equal((await here.view(BTC)).mode, 'ACTIVE');
  });

  it('runbook 6: "Strategy <id> restored at <time>, metrics nominal" to #trading-ops and by mail, after five green minutes', async () => {
    await healthTick(here.host.data);
    assert.deepEqual(await deliveriesNow(here, { trigger: 'recovery-complete' }), [], 'they are not over');
    const liveAt = await liveSince(here, -5 * 60_000);

    await healthTick(here.host.data);

    for (const { text, audience } of await told(here, { trigger: 'recovery-complete' }, ['#trading-ops', 'email']))
      assert.deepEqual(
        [text, audience],
        [`Strategy ${BTC} restored at ${liveAt}, metrics nominal`, ['Trading Ops', 'Risk', 'Compliance']],
      );
  });

  it('leaves a ledger that is whole and gives nothing away', async () => {
    await ledgersAreWhole(here, [BTC]);
    await nothingIsGivenAway(here, [BTC]);
  });
});
