import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ScopeKillAccepted, ScopeRecovered } from '../../cli/replies.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { filledIn } from '../../rehearsal/fill-in-post-mortem.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { healthTick } from './aws-of-the-host.ts';
import { HARDLY_FILLED } from './evidence.ts';
import { answer, launchedUntil, launchPath } from './launching.ts';
import { BTC, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { cliRefused, isRefusal } from './refused.ts';
import type { DemoName } from './tokens.ts';

const SCOPE = 'desk:crypto';

describe('runbook 5.1: coming back from the kill of a desk', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  const recoveries = `/v1/strategies/${BTC}/recoveries`;
  const body = { acceptExposure: { reason: 'hedged elsewhere' } };
  const says = async (...args: string[]) => {
    const { code, lines, words } = await here.cli(...args);
    assert.equal(code, 0, words);
    return { first: Object(lines[0]) as Record<string, unknown>, words };
  };
  const signs = async (runId: string, kind: string, ...people: DemoName[]) => {
    for (const as of people) {
      const { status, body: said } = await answer(here, await here.question(runId, kind), as);
      assert.equal(status, 200, JSON.stringify(said));
    }
  };
  const killsOf = async (strategy: string) =>
    (await here.log(strategy)).entries.filter(({ entry }) =>
      /^kill\.re(quested|affirmed)$/.test(String(entry['type'])),
    );
  const kill = async () => ScopeKillAccepted.parse((await says('kill', '--scope', SCOPE, '--as', 'trader')).first);
  const askForScope = async (as: DemoName) =>
    ScopeRecovered.parse((await says('recover', '--scope', SCOPE, '--as', as)).first);
  let folder: string;
  let run: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'post-mortem-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('kills what trades on the desk, and each strategy is confirmed and certified by itself', async () => {
    await here.evidence.approve(BTC, HARDLY_FILLED);
    await launchedUntil(here, BTC, 'nothing: it is live');

    const { strategies } = await kill();

    assert.deepEqual(
      strategies.map(({ strategyId, latched }) => [strategyId, latched]),
      [[BTC, true]],
    );
    run = String((await killsOf(BTC))[0]?.entry['run']);
    await signs(run, 'kill-confirmation', 'trader', 'risk');
    assert.equal((await here.ended(run)).status, 'SUCCEEDED');
  });

  it('has a post-mortem signed off by the names of its sign-offs', async () => {
    const file = join(folder, 'post-mortem.md');
    await says('post-mortem', 'draft', run, '--file', file, '--as', 'sre');
    await writeFile(file, filledIn(await readFile(file, 'utf8'), 'no'));
    await says('post-mortem', 'submit', run, '--file', file, '--as', 'sre');

    for (const as of ['incident-commander', 'service-owner', 'risk'])
      await says('post-mortem', 'sign', run, '--as', as, '--yes');

    assert.equal((await says('post-mortem', 'show', run, '--as', 'auditor')).first['signedOff'], true);
  });

  it('recovers no strategy while the latch of the desk stands, and says which latch that is', async () => {
    const refused = await here.cli('recover', '--strategy', BTC, '--accept-exposure', 'hedged', '--as', 'trader2');

    cliRefused(refused, 'StrategyKilled', 10);
    assert.match(refused.words, /covered by the kill of desk:crypto[\s\S]*recover --scope desk:crypto/);
    assert.equal((await here.view(BTC)).mode, 'KILLED');
  });

  it('asks two people who did not kill the desk, once, however often it is asked for', async () => {
    const first = await askForScope('sre');
    const again = await askForScope('trader');

    assert.deepEqual([first.status, again.status, again.approval], ['asked', 'asked', first.approval]);
    const [question] = (await here.approvals()).filter(({ id }) => id === first.approval);
    assert.ok(question);
    isRefusal(await answer(here, question, 'trader'), 'SamePerson', 409);
    for (const as of ['trader2', 'risk2']) await says('approve', first.approval, '--as', as, '--yes');
  });

  it('lifts the latch of the desk when it is asked for again; the strategy stays killed', async () => {
    const { status } = await askForScope('sre');

    assert.equal(status, 'lifted');
    const { mode, whyNot } = await here.view(BTC);
    assert.deepEqual([mode, whyNot.filter((why) => why.startsWith(SCOPE))], ['KILLED', []]);
    isRefusal(await here.ask(launchPath(BTC), { as: 'trader', body: { environment: 'prod' } }), 'StrategyKilled', 409);
  });

  it('lets the strategy recover by itself then', async () => {
    const recovery = await here.accepted(recoveries, { as: 'trader2', body });

    await signs(recovery, 'recovery', 'trader2', 'risk2');

    const { status, failure } = await here.ended(recovery);
    assert.equal(status, 'SUCCEEDED', JSON.stringify(failure));
    assert.equal((await here.view(BTC)).mode, 'OFF');
  });

  it('is not killed again by its next lease, nor by the health tick', async () => {
    const { epoch, leases } = await here.view(BTC);
    const kills = (await killsOf(BTC)).length;
    const renewed = JSON.stringify(leases);

    await eventually(
      'a renewed lease',
      () => here.view(BTC),
      (seen) => JSON.stringify(seen.leases) !== renewed,
    );
    await healthTick(here.host.data);

    const seen = await here.view(BTC);
    assert.deepEqual([seen.mode, seen.epoch, seen.latch, (await killsOf(BTC)).length], ['OFF', epoch, null, kills]);
  });

  it('and is launched to the end again', async () => {
    await launchedUntil(here, BTC, 'nothing: it is live');

    assert.equal((await here.view(BTC)).mode, 'ACTIVE');
  });

  it('starts from the beginning when the desk is killed once more: what was signed lifts nothing', async () => {
    await kill();

    assert.equal((await here.view(BTC)).mode, 'KILLED');
    assert.equal((await askForScope('sre')).status, 'asked');
    const types = (await here.log('desk')).entries.map(({ entry }) => String(entry['type']));
    assert.deepEqual(
      types.filter((type) => /scope/.test(type)),
      ['kill.scope-requested', 'recovery.scope-lifted', 'kill.scope-requested'],
    );
  });

  it('leaves ledgers that are whole and give nothing away', async () => {
    await ledgersAreWhole(here, [BTC, 'desk']);
    await nothingIsGivenAway(here, [BTC, 'desk']);
  });
});
