import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { DEEP, isDeep } from '../is-deep.ts';
import { healthTick } from './aws-of-the-host.ts';
import { killPath, launchPath, stopPath } from './launching.ts';
import { BTC, EUR, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { accessLogSize, refusalsSince } from './refused.ts';

const body = { environment: 'prod' };
const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);

describe('refused attempts of people who are known', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  const typesOf = async (strategy: string) =>
    (await here.log(strategy)).entries.map(({ entry }) => String(entry['type']));

  it('are all in the access log when 20 race to launch one strategy and one wins, and not one is in its own log', async () => {
    const people = ['trader', 'trader2'] as const;
    const racers = Array.from({ length: 20 }, (_, index) => people[index % 2] ?? 'trader');

    const replies = await Promise.all(racers.map((as) => here.ask(launchPath(BTC), { as, body })));
    const [winner, ...others] = replies.filter(({ status }) => status === 202);

    assert.deepEqual([others, replies.filter(({ status }) => status === 409 || status === 423).length], [[], 19]);
    const refusals = await refusalsSince(here, 0);
    const refused = await Promise.all(
      replies.map(async ({ status, body: told }, index) =>
        status === 202 ? [] : [`${await here.tokenOf.subjectOf(racers[index] ?? 'trader')} ${told['code']}`],
      ),
    );
    const expected = Map.groupBy(refused.flat(), (each) => each);
    const counted = Map.groupBy(refusals, ({ actor, payload }) => `${actor} ${payload.code}`);
    assert.deepEqual(
      [...counted].map(([who, entries]) => [who, sum(entries.map(({ payload }) => payload.count))]).toSorted(),
      [...expected].map(([who, all]) => [who, all.length]).toSorted(),
    );
    assert.equal(sum(refusals.map(({ payload }) => payload.count)), 19);
    const runs = (await here.log(BTC)).entries.map(({ entry }) => entry['run']).filter((run) => run !== undefined);
    assert.deepEqual([...new Set(runs)], [winner?.body['runId']]);
    await here.accepted(stopPath(BTC), { as: 'sre' });
  });

  it("never grow a strategy's log, whatever junk is sent, and make one entry of many", async () => {
    const before = [await typesOf(EUR), await accessLogSize(here)] as const;
    const junk = Array.from({ length: 30 }, (_, index) =>
      here.ask(index % 2 ? launchPath(EUR) : killPath(EUR), { as: 'auditor', body: { junk: index } }),
    );

    assert.deepEqual([...new Set((await Promise.all(junk)).map(({ body: told }) => told['code']))], ['WrongRole']);

    const refusals = await refusalsSince(here, before[1]);
    assert.equal(sum(refusals.map(({ payload }) => payload.count)), 30);
    assert.ok(refusals.length <= 2, 'one for each minute that it took');
    assert.deepEqual(await typesOf(EUR), before[0]);
  });

  it('are counted once, however many seal at the same time, and while more are coming', async () => {
    const before = await accessLogSize(here);
    const refusing = Array.from({ length: 20 }, async (_, index) => {
      await delay(index * 5);
      await here.ask(killPath(EUR), { as: 'auditor' });
    });
    const sealing = Array.from({ length: 4 }, async (_, index) => {
      await delay(index * 20);
      await healthTick(here.host.data, { sealNow: true });
    });
    await Promise.all([...refusing, ...sealing]);

    assert.equal(sum((await refusalsSince(here, before)).map(({ payload }) => payload.count)), 20);
  });

  it('of strangers are in no log at all', async () => {
    const before = await accessLogSize(here);
    for (const path of [launchPath(EUR), killPath(EUR), stopPath(EUR)]) await here.ask(path, { body });

    assert.deepEqual(await refusalsSince(here, before), []);
  });

  it('leave an access log that is whole and gives nothing away', async () => {
    await ledgersAreWhole(here, [BTC, EUR, 'access']);
    await nothingIsGivenAway(here, [BTC, EUR, 'access']);
  });
});
