import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Refusal } from '../../../domain/refusal.ts';
import { DrainPolicy } from '../../../domain/registration.ts';
import { risk, stateOf, trader } from '../../fakes/world.ts';
import { runNamedStep } from '../../interleavings/machine-steps.ts';
import { recoveryPorts } from '../../interleavings/recovery-begins.ts';
import { type Context, definitionOf, MachineFailed, walkMachine } from '../../interleavings/walk-machine.ts';
import { isDeep } from '../../is-deep.ts';
import { answers, entriesOf, order, payloadOf, type Stopping, stopping } from './a-stop.ts';

/** What a venue, an engine and people may do while a stop goes on: each at some step of its machine. */
const Happening = fc.record({
  before: fc.nat({ max: 14 }),
  what: fc.constantFrom(
    'an order arrives',
    'a day order arrives',
    'one is filled',
    'one is enlarged',
    'silence',
    'a word',
    'time',
  ),
});
const Story = fc.record({
  policy: fc.constantFrom(...DrainPolicy.options),
  gtc: fc.nat({ max: 3 }),
  day: fc.nat({ max: 2 }),
  stubborn: fc.nat({ max: 2 }),
  answer: fc.constantFrom('approve', 'decline', 'nothing'),
  happenings: fc.array(Happening, { maxLength: 6 }),
});
type Story = typeof Story extends fc.Arbitrary<infer Value> ? Value : never;

const MOST_STEPS = 120;

function happens(made: Stopping, what: string, at: number): void {
  const { venues } = made;
  if (what === 'an order arrives') venues.kept = [...venues.kept, order(`late-${at}`)];
  if (what === 'a day order arrives') venues.kept = [...venues.kept, order(`late-${at}`, { timeInForce: 'day' })];
  if (what === 'one is filled') venues.kept = venues.kept.slice(1);
  if (what === 'one is enlarged') venues.kept = venues.kept.map((each) => ({ ...each, quantity: each.quantity + 1 }));
  if (what === 'silence') venues.unreachable.add('XSIM');
  if (what === 'a word') venues.unreachable.clear();
  if (what === 'time') made.pass(60_000);
}

/** The machine of statemachines/, with a clock that goes on by a minute at each look; the venue answers again in the end. */
async function played(story: Story): Promise<Stopping> {
  const made = await stopping({ drainPolicy: story.policy });
  made.venues.kept = Array.from({ length: story.gtc }, (_, index) => order(`gtc-${index}`));
  made.venues.resting = story.day;
  made.venues.stubborn = story.stubborn;
  const ports = { ...made.ports, ...recoveryPorts(made).extra };
  let steps = 0;
  const walk = {
    execution: made.step.runId,
    pause: async () => {
      steps += 1;
      made.pass(20_000);
      for (const { before, what } of story.happenings) if (before === steps) happens(made, what, steps);
      if (steps > 40) made.venues.unreachable.clear();
      if (steps > 60) made.venues.kept = []; // whoever is told about an escalated drain ends it
      assert.ok(steps < MOST_STEPS, 'the stop never ended');
    },
    step: (name: string, input: Context) =>
      name === 'ArchiveRun' ? Promise.resolve({}) : runNamedStep(name, input, ports),
    answered: async () => {
      await new Promise((resolve) => setImmediate(resolve)); // its Lambda asks first
      if (story.answer === 'nothing') throw timeout();
      await answers(made, story.answer === 'approve' ? risk : trader, story.answer);
      if (story.answer === 'decline') throw new Refusal('ApprovalDeclined', 'no', 'nothing');
      return {};
    },
  };
  await walkMachine(definitionOf('stop'), { ...made.step, drainUntil: '' }, walk).catch((error: unknown) => {
    if (!(error instanceof MachineFailed)) throw error;
  });
  return made;
}

const timeout = () => Object.assign(new Error('nobody answered'), { name: 'States.Timeout' });

const LEAVING = { policy: 'leave-good-till-cancelled', gtc: 2, day: 1, stubborn: 0 } as const;

describe('a stop', () => {
  for (const answer of ['decline', 'nothing'] as const)
    it(`asks once whether orders may stay: with ${answer} for an answer it cancels them, and is OFF`, async () => {
      const made = await played({ ...LEAVING, happenings: [], answer });

      const story = entriesOf(made).map(({ type }) => type);
      const acts = story.filter((type) => type === 'approval.requested' || type === 'drain.cancelled');
      assert.deepEqual(acts, ['drain.cancelled', 'approval.requested', 'drain.cancelled']); // of the day, then all
      assert.deepEqual([made.venues.kept, stateOf(made).mode], [[], 'OFF']);
    });

  it('goes back to cancel what arrives after the settlement, and is OFF then', async () => {
    const late = { before: 10, what: 'a day order arrives' } as const;

    const made = await played({ policy: 'cancel', gtc: 0, day: 0, stubborn: 0, answer: 'nothing', happenings: [late] });

    assert.deepEqual([made.venues.kept, stateOf(made).mode], [[], 'OFF']);
    const story = entriesOf(made).map(({ type }) => type);
    assert.deepEqual(story.slice(story.indexOf('strategy.settled')), [
      'strategy.settled',
      'drain.cancelled',
      'stop.confirmed',
    ]);
  });

  it('is never OFF while a venue reports an order that nobody signed for, whatever happens meanwhile', () =>
    fc.assert(
      fc.asyncProperty(Story, async (story) => {
        const made = await played(story);

        const signed = new Set(
          (Object(payloadOf(made, 'drain.left')).orders ?? []).map(({ orderId }: { orderId: string }) => orderId),
        );
        const unsigned = made.venues.kept.filter(({ orderId }) => !signed.has(orderId));
        if (stateOf(made).mode === 'OFF') assert.deepEqual([unsigned, made.venues.resting], [[], 0]);
        if (story.answer !== 'approve' || story.policy !== 'leave-good-till-cancelled') assert.equal(signed.size, 0);
      }),
      { seed: 43, numRuns: isDeep ? 3_000 : 150 },
    ));
});
