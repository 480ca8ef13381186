import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Refusal } from '../../domain/refusal.ts';
import { COMMANDS, EVENTS, happen, type Operation, registered, STORIES } from '../fakes/operations.ts';
import { STRATEGY, type World, world } from '../fakes/world.ts';

const LOST = new Error('the reply was lost');

/** Lets the next commit happen and its reply get lost, as a broken connection does. */
function loseNextReply({ store }: World): void {
  const { commit } = store;
  store.commit = async (...args) => {
    store.commit = commit;
    await commit.apply(store, args);
    throw LOST;
  };
}

/** Whether it was carried out, a lost reply included; a refusal is no. */
const carriedOut = (made: World, operation: Operation, number: number): Promise<boolean> =>
  operation(made, number).then(
    () => true,
    (error: unknown) => {
      if (error === LOST) return true;
      if (error instanceof Refusal) return false;
      throw error;
    },
  );

type Asked = { name: keyof typeof COMMANDS; times: number; lost: boolean };
const asked = fc.record({
  name: fc.constantFrom(...(Object.keys(COMMANDS) as (keyof typeof COMMANDS)[])),
  times: fc.integer({ min: 1, max: 4 }),
  lost: fc.boolean(),
});
const story = (names: readonly (keyof typeof COMMANDS)[]) =>
  fc.tuple(...names.map((name) => asked.map((each): Asked => ({ ...each, name })))).map((all) => all as Asked[]);
const launch = STORIES.launch.filter((name) => name !== 'goLive');
const requests = fc
  .array(fc.oneof({ weight: 4, arbitrary: asked.map((each) => [each]) }, story(launch), story(STORIES.stop)), {
    maxLength: 5,
  })
  .map((parts) => parts.flat());

async function askedRepeatedly(made: World, { name, times, lost }: Asked, number: number): Promise<void> {
  if (lost) loseNextReply(made);
  const done = await carriedOut(made, COMMANDS[name], number);
  const entries = made.store.storyOf(STRATEGY);

  for (let again = 1; again < times; again += 1) await carriedOut(made, COMMANDS[name], number);

  if (done) assert.deepEqual(made.store.storyOf(STRATEGY), entries, name);
}

describe('a command or step that is repeated', () => {
  it('adds no second entry, however often, and whether or not its reply was lost', () =>
    fc.assert(
      fc.asyncProperty(requests, async (all) => {
        const made = await registered(world());
        for (const [number, each] of all.entries()) await askedRepeatedly(made, each, number);
      }),
      { seed: 5, numRuns: 200 },
    ));

  it('gives the reply and the receipt of the first time again, also much later', async () => {
    const made = await registered(world());
    const first = await COMMANDS.launch(made, 1);
    await happen(made, [COMMANDS.openRun, COMMANDS.lock, EVENTS.kill]);

    const again = await COMMANDS.launch(made, 1);

    assert.deepEqual(again, { ...first, repeated: true });
    assert.equal(made.store.storyOf(STRATEGY).filter((type) => type === 'launch.requested').length, 1);
  });
});
