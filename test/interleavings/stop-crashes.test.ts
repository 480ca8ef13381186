import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Refusal } from '../../domain/refusal.ts';
import { disableLiveOfStop } from '../../domain/stop/disable-live-of-stop.ts';
import { answers, entriesOf, order, question, type Stopping, stopping } from '../domain/stop/a-stop.ts';
import { risk, stateOf } from '../fakes/world.ts';
import { isDeep } from '../is-deep.ts';
import { type Crash, ENDS, withRetries } from './crashing-ports.ts';
import { runNamedStep } from './machine-steps.ts';
import { recoveryPorts } from './recovery-begins.ts';
import type { RacePorts } from './scheduled-ports.ts';

/** Every state of the stop, in the order in which one goes whose orders stay with a signature. */
const STEPS = [
  ...['OpenStop', 'DisableLive', 'ReduceOnly', 'CountOpenOrders', 'CloseOrderEntry', 'CancelRemainingOrders'],
  ...['ConfirmNothingRests', 'AskForDrainSignOff', 'sign', 'LeaveSignedOrders', 'SettleStrategy', 'RecordStop'],
] as const;
type Step = (typeof STEPS)[number];
type Crashes = Partial<Record<Step, Crash>>;

/** What leads a machine on that is no success. */
const LEADS_ON = ['DrainDeadlinePassed', 'DrainNeedsSignOff'];

async function pastItsDeadline(): Promise<Stopping> {
  const made = await stopping({ drainPolicy: 'leave-good-till-cancelled' });
  made.venues.kept = [order('a'), order('b', { timeInForce: 'day' })];
  made.pass(120_000);
  return made;
}

async function runStop(made: Stopping, crashes: Crashes): Promise<Map<Step, number>> {
  const whole: RacePorts = { ...made.ports, ...recoveryPorts(made).extra };
  const calls = new Map<Step, number>();
  for (const name of STEPS)
    calls.set(name, await withRetries((ports, attempt) => run(name, made, ports, attempt), whole, crashes[name]));
  return calls;
}

async function run(name: Step, made: Stopping, ports: RacePorts, attempt: number): Promise<unknown> {
  const input = {
    ...made.step,
    drainUntil: '2026-11-24T12:02:00.000Z',
    taskToken: `${attempt} is the number of a token`,
  };
  if (name === 'DisableLive') return disableLiveOfStop(made.step, ports);
  if (name === 'sign')
    return (await question(made))?.status === 'open' && answers({ ...made, ports: { ...made.ports, ...ports } }, risk);
  return runNamedStep(name, input, ports).catch((error: unknown) => {
    if (error instanceof Refusal && LEADS_ON.includes(error.code)) return undefined;
    throw error;
  });
}

/** A token is another one at each try, no two signatures are the same, deployments of the flag are counted anew, and an engine or a flag that did not answer is said to be one. */
const uncounted = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value)
      .replaceAll(/"(version|deployment|flagVersion|seq|index|ledgerSize|counter)":\d+/g, '"$1":0')
      .replaceAll(/"(signature|authenticatorData|taskToken)":"[^"]*"/g, '"$1":"one"')
      .replaceAll(/"unreachable":\[[^\]]*\]|"before":\{"live"[^}]*\}/g, '"asked":0')
      .replaceAll(/(sha256:)?[0-9a-f]{64}/g, 'a digest'),
  );

/** Asking under a new token is a question of its own; what a venue said to a process that died then is known to nobody. */
const MAY_DIFFER = new Set(['approval.requested', 'drain.cancelled']);
const KEPT = new Set(['RUN', 'APPROVAL', 'PLANNEDHALT', 'DRAIN', 'FREEZE', 'MESSAGE']);

function endOf(made: Stopping) {
  const { ledgerRange: _digests, ...state } = stateOf(made);
  return uncounted({
    state,
    records: [...made.store.records]
      .filter(([, { kind }]) => KEPT.has(kind))
      .toSorted(([left], [right]) => (left < right ? -1 : 1)),
    entries: entriesOf(made).filter(({ type }) => !MAY_DIFFER.has(type)),
    ...{ live: made.flags.live, rests: made.venues.kept, files: [...made.evidence.files.keys()].toSorted() },
  });
}

describe('the stop machine', async () => {
  const uncrashed = await pastItsDeadline();
  const calls = await runStop(uncrashed, {});
  const expected = endOf(uncrashed);

  it('ends OFF, with the signed order at its venue', () => {
    assert.deepEqual([stateOf(uncrashed).mode, uncrashed.venues.kept.map(({ orderId }) => orderId)], ['OFF', ['a']]);
  });

  for (const name of STEPS)
    it(`ends the same wherever ${name} dies, fails or loses an answer, and is run again`, async () => {
      assert.ok((calls.get(name) ?? 0) > 0);
      for (let call = 0; call < (calls.get(name) ?? 0); call += 1)
        for (const end of ENDS) {
          const made = await pastItsDeadline();

          await runStop(made, { [name]: { call, end } });

          assert.deepEqual(endOf(made), expected, `${name}, call ${call}: ${end}`);
        }
    });

  it('ends the same when every step of it crashes somewhere', () =>
    fc.assert(
      fc.asyncProperty(
        fc.tuple(...STEPS.map(() => fc.record({ call: fc.nat({ max: 12 }), end: fc.constantFrom(...ENDS) }))),
        async (all) => {
          const made = await pastItsDeadline();

          await runStop(made, Object.fromEntries(STEPS.map((name, index) => [name, all[index]])));

          assert.deepEqual(endOf(made), expected);
        },
      ),
      { seed: 44, numRuns: isDeep ? 1_000 : 25 },
    ));
});
