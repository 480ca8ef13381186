import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FreezeLifted, FreezeSet, Freezes } from '../../cli/replies.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { answer, isWithdrawn, killed, launchedUntil, launchPath, startLaunch } from './launching.ts';
import { BTC, EUR, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { cliRefused, isRefusal } from './refused.ts';

describe('freezes of launches (runbook 5.1.4, product decision 11): one list, whatever they come from', {
  skip: !isDeep && DEEP,
}, () => {
  const here = onALocalHost();
  const body = { environment: 'prod' };
  const says = async (...args: string[]) => {
    const { code, lines, words } = await here.cli(...args);
    assert.equal(code, 0, words);
    return { first: lines[0], words };
  };
  const list = async () => Freezes.parse(await here.look('/v1/freezes')).freezes;
  const freeze = async (scope: string) =>
    FreezeSet.parse((await says('freeze', '--scope', scope, '--reason', 'migration', '--as', 'sre')).first).freeze.id;
  const unfreeze = async (id: string) =>
    FreezeLifted.parse((await says('unfreeze', id, '--reason', 'migrated', '--as', 'trader')).first);
  const lifted = async (id: string) => {
    const { approval } = await unfreeze(id);
    for (const as of ['risk', 'sre']) await says('approve', approval, '--as', as, '--yes');
    assert.equal((await unfreeze(id)).status, 'lifted');
  };

  it('hold up what they cover, at once and by one person, and say who lifts them and how', async () => {
    const id = await freeze('desk:crypto');

    const refused = isRefusal(await here.ask(launchPath(BTC), { as: 'trader', body }), 'LaunchesFrozen', 423);
    const other = await startLaunch(here, EUR);

    assert.match(refused.next, new RegExp(`a risk officer and an SRE lift it: tradepulse-cli unfreeze ${id}`));
    await answer(here, await here.question(other, 'launch-confirmation'), 'risk', 'decline');
    await isWithdrawn(here, other, EUR, 'ApprovalDeclined');
    const [listed] = await list();
    assert.deepEqual([listed?.id, listed?.scope, listed?.source], [id, 'desk:crypto', 'manual']);
  });

  it('are lifted by a risk officer and an SRE, two people, and then by whoever asks', async () => {
    const [listed] = await list();
    const id = String(listed?.id);
    const asked = await unfreeze(id);
    const question = (await here.approvals()).find((each) => each.id === asked.approval);
    assert.ok(question);

    isRefusal(await answer(here, question, 'trader'), 'WrongRole', 403);
    assert.equal((await unfreeze(id)).status, 'asked');
    await lifted(id);

    assert.deepEqual(await list(), []);
    const story = (await here.log('desk')).entries.map(({ entry }) => entry['type']);
    assert.deepEqual(
      story.filter((type) => String(type).startsWith('freeze.')),
      ['freeze.set', 'freeze.lifted'],
    );
  });

  it('stop a launch that waits for its flip, however far it has come', async () => {
    const run = await launchedUntil(here, BTC, 'the flip');
    const id = await freeze(`strategy:${BTC}`);

    assert.equal((await answer(here, await here.question(run, 'flag-flip'), 'trader')).status, 200);

    const failure = await isWithdrawn(here, run, BTC, 'LaunchesFrozen');
    assert.match(String(failure?.next), new RegExp(`unfreeze ${id}`));
    await lifted(id);
  });

  it('that came with a kill are lifted by its recovery, and by nobody who signs', async () => {
    await killed(here, EUR, 'trader', 'no prices');
    const [listed] = await eventually('the freeze of the kill', list, (freezes) => freezes.length > 0);
    assert.deepEqual([listed?.source, listed?.scope], ['kill', 'all']);

    const refused = await here.cli('unfreeze', String(listed?.id), '--reason', 'x', '--as', 'sre');

    cliRefused(refused, 'StrategyKilled', 10);
    assert.match(refused.words, /recover --strategy eurusd-carry/);
    const { words } = await says('freezes', '--as', 'auditor');
    assert.match(words, /kill-eurusd-carry: recover what was killed/);
    isRefusal(await here.ask(launchPath(BTC), { as: 'trader', body }), 'LaunchesFrozen', 423);
  });

  it('leave whole ledgers, and give nothing away', async () => {
    await ledgersAreWhole(here, [BTC, EUR, 'desk']);
    await nothingIsGivenAway(here, [BTC, EUR, 'desk']);
  });
});
