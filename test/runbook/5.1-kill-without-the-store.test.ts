import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as z from 'zod';
import { KillAccepted } from '../../cli/replies.ts';
import { ActorId } from '../../domain/ids.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { isDeep } from '../is-deep.ts';
import { spoolKill } from './aws-of-the-host.ts';
import type { Seen } from './control-plane.ts';
import { HARDLY_FILLED } from './evidence.ts';
import { killPath, launchedUntil, launchPath } from './launching.ts';
import { BTC, EUR, type OnALocalHost, type StrategyName, settledOn } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { isRefusal } from './refused.ts';
import { type StoreToCut, storeThatHangs, storeThatRefuses } from './store-to-cut.ts';

const Kill = z.looseObject({
  type: z.enum(['kill.requested', 'kill.reaffirmed']),
  at: z.string(),
  run: z.string(),
  actor: z.string(),
  payload: z.looseObject({ decidedAt: z.string(), reason: z.string(), spooled: z.int().optional() }),
});
const Health = z.looseObject({ checks: z.array(z.looseObject({ check: z.string(), detail: z.string() })) });
const REASONS = ['quotes look wrong', 'I see it too'] as const;

/** A store that hangs is the harder of the two. (`npm test` kills without a store in test/faults.) */
const STORES = [
  ['hangs', storeThatHangs],
  ['refuses connections', storeThatRefuses],
] as const;

for (const [what, open] of isDeep ? STORES : [])
  describe(`runbook 5.1: a kill while the store ${what}`, () => {
    let store: StoreToCut;
    let here: OnALocalHost;
    let replies: [KillAccepted, KillAccepted];
    /** Since when the store was away, by when it was back, and when both kills had been asked for. */
    const times = { away: '', killed: '', back: '' };
    before(async () => {
      store = await open();
      here = await settledOn(store.host);
      await here.evidence.approve(BTC, HARDLY_FILLED);
      await launchedUntil(here, BTC, 'nothing: it is live');
      await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);
      await here.ask(killPath('nobody'), { as: 'trader' }); // what kills anything knows every engine from then on
      await here.ask(killPath('nobody'), { as: 'trader' });
    });
    after(() => store.end());

    const kills = async (strategy: StrategyName = BTC) =>
      (await here.log(strategy)).entries
        .map(({ entry }) => Kill.safeParse(entry).data)
        .filter((entry) => entry !== undefined);

    it('is taken in by the very next lease of its engine, which is told, whoever else may come to it later', async () => {
      const actor = ActorId.parse(await here.tokenOf.subjectOf('sre'));
      const kill = { actor, roles: ['sre' as const], reason: 'spooled', decidedAt: new Date().toISOString() };
      const runId = await spoolKill(here.host.data, EUR, kill);

      const isKilled = ({ mode, leases }: Seen) => mode === 'KILLED' && leases.some((lease) => lease.mode === 'KILLED');
      await eventually('a killed lease', () => here.view(EUR), isKilled, 4_000);

      assert.deepEqual(
        (await kills(EUR)).map(({ type, run, payload }) => [type, run, payload.decidedAt, payload.spooled]),
        [['kill.requested', runId, kill.decidedAt, 0]],
      );
    });

    it('still halts the engine, says that it is spooled and not latched, and claims nothing more', async () => {
      await store.away();
      times.away = new Date().toISOString();

      const { status, body } = await here.ask(killPath(BTC), { as: 'trader', body: { reason: REASONS[0] } });

      const reply = KillAccepted.parse(body);
      assert.deepEqual(
        [status, reply.latched, reply.spooled, reply.status, reply.epoch, reply.receipt],
        [202, false, true, 'halted', null, undefined],
      );
      assert.match(reply.summary, /NOT latched yet/);
      assert.equal((await here.eyes[BTC].engine()).halted, true);
      replies = [reply, reply];
    });

    it("takes a second person's kill too; the command line ends well with it, and says what is not so yet", async () => {
      const { code, lines, words } = await here.cli('kill', '--strategy', BTC, '--reason', REASONS[1], '--as', 'risk');

      replies[1] = KillAccepted.parse(lines[0]);
      assert.deepEqual([code, replies[1].latched, replies[1].spooled], [0, false, true], words);
      assert.match(words, /NOT latched yet.*cannot get lost/);
      times.killed = new Date().toISOString();
    });

    it('leaves nothing resting at the venue, with the store still away', async () => {
      await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders === 0);
      assert.equal((await here.eyes[BTC].engine()).halted, true);
    });

    it('is latched as soon as the store is back, and no lease gives trading back in between', async () => {
      times.back = new Date().toISOString();
      await store.back();

      const seen: string[] = [];
      const leaseOf = async () => {
        const { mode, leases } = await here.view(BTC);
        const renewed = leases.filter(
          ({ expiresAt, ageMs }) => expiresAt && Date.now() - ageMs > Date.parse(times.away),
        );
        const modes = renewed.map((lease) => lease.mode);
        seen.push(...modes);
        return { mode, modes };
      };
      await eventually(
        'a killed lease',
        leaseOf,
        ({ mode, modes }) => mode === 'KILLED' && modes.includes('KILLED'),
        30_000,
      );

      assert.deepEqual([...new Set(seen)], ['KILLED']);
      isRefusal(
        await here.ask(launchPath(BTC), { as: 'trader', body: { environment: 'prod' } }),
        'StrategyKilled',
        409,
      );
    });

    it('stands in the ledger as it was decided: by whom, when, in which order, under its own run', async () => {
      const people = [await here.tokenOf.subjectOf('trader'), await here.tokenOf.subjectOf('risk')];
      const runs = replies.map(({ runId }) => runId);
      const spooled = await eventually(
        'two spooled kills',
        async () => (await kills()).filter(({ payload }) => payload.spooled !== undefined),
        ({ length }) => length === 2,
      );

      assert.deepEqual(
        spooled.map(({ run, actor, payload: { spooled: number, reason } }) => [number, run, actor, reason]),
        REASONS.map((reason, number) => [number, runs[number], people[number], reason]),
      );
      const decided = spooled.map(({ payload }) => payload.decidedAt);
      const inOrder = [times.away, ...decided, times.killed];
      assert.deepEqual(inOrder, inOrder.toSorted());
      const [first] = await kills();
      assert.deepEqual([first?.type, first?.run, first?.payload.decidedAt], ['kill.requested', runs[0], decided[0]]);
      assert.ok(spooled.every(({ at }) => at >= times.back));
    });

    it('runs its machine to the end: the venue is proved empty, and a second person is asked under the first kill', async () => {
      await eventually(
        'kill.venues-empty',
        async () => (await here.log(BTC)).entries.map(({ entry }) => `${entry['type']} ${entry['run']}`),
        (entries) => entries.includes(`kill.venues-empty ${replies[0].runId}`),
        40_000,
      );
      const { document } = await here.question(replies[0].runId, 'kill-confirmation');

      assert.deepEqual([document['reason'], await here.eyes[BTC].restingOrders()], [REASONS[0], 0]);
      const { checks } = Health.parse(await here.look('/v1/health'));
      assert.equal(checks.find(({ check }) => check === 'kill spool')?.detail, 'empty');
    });

    it('leaves ledgers that are whole and give nothing away', async () => {
      await ledgersAreWhole(here);
      await nothingIsGivenAway(here);
    });
  });
