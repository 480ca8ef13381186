import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { Freezes, OverrideRequested, Overrides } from '../../cli/replies.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { controlTable } from './control-table.ts';
import { answer, isWithdrawn, launchedUntil, noes, startLaunch } from './launching.ts';
import { BTC, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { cliRefused, isRefusal } from './refused.ts';

const FROZEN = `freeze.error-budget-${BTC}`;

describe('overriding a soft no-go (product decision 13)', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  const says = async (...args: string[]) => {
    const { code, lines, words } = await here.cli(...args);
    assert.equal(code, 0, words);
    return lines[0];
  };
  const request = (run: string, check: string) =>
    here.cli('override', 'request', '--run', run, '--check', check, '--reason', 'known, and mended', '--as', 'trader');
  let failed = '';
  let override = '';
  /** The desk agrees upon a budget of no failure at all. */
  before(async () => {
    const { dynamo, table, end } = await controlTable(here.host.data);
    await dynamo.send(
      new UpdateCommand({
        TableName: table,
        Key: { pk: `REGISTRATION#${BTC}` },
        UpdateExpression: 'SET #record.policy.errorBudget = :budget',
        ExpressionAttributeNames: { '#record': 'record' },
        ExpressionAttributeValues: { ':budget': { failures: 0, days: 7 } },
      }),
    );
    end();
  });

  it('begins with a launch that met one: here more failed launches than were agreed', async () => {
    const raised = (text: string) => text.replace('leverageCap: 2', 'leverageCap: 2.5');
    await here.evidence.tampered(here.evidence.limitsKey, raised, async () =>
      isWithdrawn(here, await startLaunch(here, BTC), BTC, 'RiskEnvelopeMismatch'),
    );
    failed = await startLaunch(here, BTC);

    const failure = await isWithdrawn(here, failed, BTC, 'LaunchesFrozen');

    assert.deepEqual(noes(failure), [FROZEN]);
    assert.match(String(failure?.next), /wait until .*, or ask for an override/);
    const { freezes } = Freezes.parse(await here.look('/v1/freezes'));
    assert.deepEqual(
      freezes.map(({ source, overridable }) => [source, overridable]),
      [['error-budget', true]],
    );
  });

  it('is refused for what did not say no', async () => {
    cliRefused(await request(failed, 'risk.limits-approved'), 'NotOverridable', 13);
  });

  it('is signed by a risk officer and an SRE, two people', async () => {
    const { code, lines, words } = await request(failed, FROZEN);
    assert.equal(code, 0, words);
    const asked = OverrideRequested.parse(lines[0]);
    override = asked.override.id;
    const question = (await here.approvals()).find(({ id }) => id === asked.approval);
    assert.ok(question);

    isRefusal(await answer(here, question, 'trader'), 'WrongRole', 403);
    for (const as of ['risk2', 'sre']) await says('approve', asked.approval, '--as', as, '--yes');

    const [listed] = Overrides.parse(await says('override', 'list', '--strategy', BTC, '--as', 'auditor')).overrides;
    assert.deepEqual([listed?.id, listed?.status, listed?.signers.length], [override, 'in force', 2]);
  });

  it('lets the next launch go live with signatures of others, and stands in its plan and in its records', async () => {
    const run = await launchedUntil(here, BTC, 'the second confirmation');
    const plan = await here.question(run, 'launch-confirmation');
    assert.match(JSON.stringify(plan.document), new RegExp(override));

    isRefusal(await answer(here, plan, 'risk2'), 'OverrideSigner', 403);
    assert.equal((await answer(here, plan, 'risk')).status, 200);
    assert.equal((await answer(here, await here.question(run, 'flag-flip'), 'trader')).status, 200);

    const { status, failure } = await here.ended(run);
    assert.equal(status, 'SUCCEEDED', JSON.stringify(failure));
    const judged = (await here.log(BTC)).entries.find(
      ({ entry }) => entry['type'] === 'gates.judged' && entry['run'] === run,
    );
    assert.match(JSON.stringify(judged?.entry), new RegExp(`"override":"${override}"`));
  });

  it('leaves whole ledgers, and gives nothing away', async () => {
    await ledgersAreWhole(here);
    await nothingIsGivenAway(here);
  });
});
