import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { StrategyId } from '../../../domain/ids.ts';
import { gateResult } from '../../../domain/launch/finding.ts';
import { LIMITS_KEY } from '../../../domain/launch/risk-limits.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { type Gate, judgeGates } from '../../../domain/plan/judge-gates.ts';
import { answerPlanQuestion } from '../../../domain/plan/show-plan.ts';
import { ShownPlan } from '../../../domain/plan/shown-plan.ts';
import { newStrategy } from '../../../domain/strategy.ts';
import { sign, untilFlip } from '../../fakes/launch-steps.ts';
import {
  LIMITS,
  launching,
  REGISTRATION,
  RUN,
  STRATEGY,
  stateOf,
  trader,
  type World,
  world,
} from '../../fakes/world.ts';

const show = (made: World, request = { environment: 'prod' }) =>
  made.ports.plans.show({ strategyId: STRATEGY, requestedBy: trader.subject, request });
const noes = ({ gates }: ShownPlan) =>
  gates.flatMap(({ findings }) => findings.filter(({ verdict }) => verdict === 'no-go').map(({ check }) => check));
const everything = ({ store, executions, events }: World) =>
  JSON.stringify([[...store.strategies], [...store.records], [...store.logs], executions.started, events]);

describe('showPlan', () => {
  let made: World;
  beforeEach(() => {
    made = world();
  });

  it('gives the plan with its digest and the verdict of every gate, and changes nothing', async () => {
    const before = everything(made);

    const shown = await show(made);

    assert.deepEqual(ShownPlan.parse(shown), shown);
    assert.deepEqual([shown.verdict, noes(shown), shown.planDigest], ['go', [], digestOf(shown.plan)]);
    assert.deepEqual(shown.gates.map(({ gate }) => gate).slice(0, 3), [
      'ready to launch',
      'change approval',
      'CI health',
    ]);
    assert.equal(everything(made), before);
  });

  it('answers the plan alone to whoever asks for no gates', async () => {
    const now = await answerPlanQuestion({ ask: 'plan', strategyId: STRATEGY }, made.ports);

    assert.deepEqual(now, { plan: (await show(made)).plan });
  });

  it('says of a strategy that is killed, launching or live why it cannot be launched now, with the plan all the same', async () => {
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'ACTIVE' });

    const shown = await show(made);

    assert.deepEqual([shown.verdict, noes(shown), shown.plan?.strategy], ['no-go', ['strategy.ready'], STRATEGY]);
    assert.equal(shown.gates[0]?.findings[0]?.code, 'StrategyNotOff');
  });

  it('has no plan where nothing could be launched at all, and the gates say why', async () => {
    made.evidence.files.delete(LIMITS_KEY);

    const shown = await show(made);

    assert.deepEqual([shown.plan, shown.planDigest, shown.verdict], [null, null, 'no-go']);
    assert.equal(shown.refused?.code, 'RiskEnvelopeMismatch');
    assert.ok(noes(shown).length > 0);
  });

  it('judges the very request: another environment than the registered one is a no-go', async () => {
    assert.ok(noes(await show(made, { environment: 'uat' })).includes('change.registered-environment'));
  });

  it('takes a gate that fails for a no-go that says so, and judges the others', async () => {
    const ports = { ...made.ports, ciChecks: undefined as never, readYaml: undefined as never };

    const shown = (await answerPlanQuestion(
      { ask: 'gates', strategyId: STRATEGY, requestedBy: trader.subject, request: { environment: 'prod' } },
      ports,
    )) as ShownPlan;

    const [failed] = shown.gates.filter(({ findings }) => findings[0]?.check.endsWith('.judged'));
    assert.match(failed?.summary ?? '', /could not be judged: TypeError/);
    assert.equal(shown.gates[1]?.verdict, 'go');
  });

  it('lets no gate write anything', async () => {
    const run = { kind: 'RUN', record: {} as never } as const;
    const gates: Record<string, Gate> = {
      eager: async (_step, { records }) => records.put(run).then(() => gateResult('eager', [])),
      latching: async (_step, { records }) => records.latchScope({} as never).then(() => gateResult('latching', [])),
      looking: async (step, { records }) => {
        const found = [await records.get('RUN', step.runId), await records.list('RUN'), await records.all('FREEZE')];
        return gateResult(JSON.stringify(found.map((each) => Boolean(each))), []);
      },
    };
    const asked = { strategyId: STRATEGY, requestedBy: trader.subject, request: { environment: 'prod' } };

    const judged = await judgeGates(asked, made.ports, gates);

    assert.deepEqual(
      judged.map(({ summary }) => /a gate writes nothing/.test(summary)),
      [true, true, false],
    );
    assert.deepEqual([judged[2]?.gate, made.store.records.has('RUN#plan')], ['[true,true,true]', false]);
  });

  it('names what else is live on its desk and venues, and nothing that is off or elsewhere', async () => {
    const other = (id: string, desk: string, venue: string, mode: 'ACTIVE' | 'OFF') => {
      const strategy = StrategyId.parse(id);
      made.store.strategies.set(strategy, { ...newStrategy(strategy), mode });
      const venues = [{ id: venue, url: 'http://127.0.0.1:1/x' }];
      const record = { ...REGISTRATION, id: strategy, desk, venues };
      made.store.records.set(`REGISTRATION#${id}`, { kind: 'REGISTRATION', record });
    };
    other('z-same-desk', 'crypto', 'XNYS', 'ACTIVE');
    other('a-same-venue', 'fx', 'XSIM', 'ACTIVE');
    other('b-both', 'crypto', 'XSIM', 'ACTIVE');
    other('off', 'crypto', 'XSIM', 'OFF');
    other('elsewhere', 'fx', 'XNYS', 'ACTIVE');

    const { alsoLive, planDigest } = await show(made);

    assert.deepEqual(alsoLive, [
      { strategy: 'a-same-venue', mode: 'ACTIVE', venues: ['XSIM'] },
      { strategy: 'b-both', mode: 'ACTIVE', desk: 'crypto', venues: ['XSIM'] },
      { strategy: 'z-same-desk', mode: 'ACTIVE', desk: 'crypto', venues: [] },
    ]);
    assert.equal(planDigest, (await show(world())).planDigest, 'neighbours change nobody’s plan');
  });

  it('shows what is new since the last launch that went through', async () => {
    const launched = await launching();
    await untilFlip(launched);
    await sign(launched, 'flag-flip', trader);
    const run = await launched.store.get('RUN', RUN);
    assert.ok(run);
    await launched.store.put({ kind: 'RUN', record: { ...run, status: 'SUCCEEDED' } });
    const policy = { ...REGISTRATION.policy, maxOrdersPerSec: 2 };
    await launched.store.put({ kind: 'REGISTRATION', record: { ...REGISTRATION, policy } });

    const { since } = await show(launched);

    assert.equal(since?.run, RUN);
    assert.deepEqual(
      since?.differences.map(({ path, approved, now }) => `${path} ${approved} ${now}`),
      [
        'policy.maxOrdersPerSec 5 2',
        'blastRadius.ordersPerSec.perInstance 4 2',
        'blastRadius.ordersPerSec.total 8 4',
        'maxOrdersPerSec 4 2',
      ],
    );
    assert.equal(LIMITS.maxOrdersPerSec, 4);
  });
});
