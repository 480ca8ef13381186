import assert from 'node:assert/strict';
import fc from 'fast-check';
import { healthTick } from '../../domain/health-tick.ts';
import { REGISTRATION, risk, trader } from '../fakes/world.ts';
import { CONTENDERS, killAll, killIt, MISFORTUNES } from './contenders.ts';
import { onceAllStandStill, openRace } from './race.ts';
import { definitionOf } from './walk-machine.ts';

const UNDOING = ['Disarm and disable', 'Release deployment', 'Clear probe orders'];
const launchStates = Object.entries(definitionOf('launch').States)
  .filter(([name, { Type }]) => Type === 'Task' && !UNDOING.includes(name))
  .map(([name]) => name);

const resumeStates = [
  'Open resumption',
  'Lock deployment',
  'Ask to resume',
  'Decide resumption',
  'Arm again',
  'Confirm live',
];
const recoverStates = ['Open recovery', 'Ask for two signatures', 'Check safety', 'Lift latch'];

const kill = fc.record({
  target: fc.constantFrom('strategy', 'strategy', 'strategy', 'all', 'all, overlooked'),
  by: fc.constantFrom('trader', 'risk'),
  misfortune: fc.oneof({ weight: 3, arbitrary: fc.constant('none' as const) }, fc.constantFrom(...MISFORTUNES)),
  after: fc.oneof(fc.nat({ max: 90 }), fc.constant('a stall' as const)),
});
const names = Object.keys(CONTENDERS) as (keyof typeof CONTENDERS)[];
const contender = fc.record({ what: fc.constantFrom(...names), after: fc.nat({ max: 60 }) });
const anywhere = fc.record({
  from: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...launchStates, 'nothing', 'Launched') },
    fc.constantFrom(...recoverStates.map((state) => `recover: ${state}`)),
    fc.constantFrom(...resumeStates.map((state) => `resume: ${state}`)),
  ),
  stalls: fc.array(
    fc.record({
      who: fc.constantFrom('launch', 'kill', 'stop', 'btc', 'recover', 'resume'),
      before: fc.constantFrom('', 'strategies.', 'records.'),
      at: fc.nat({ max: 30 }),
    }),
    { maxLength: 3 },
  ),
});
/** Where a kill has to win most narrowly. */
const aboutToEnable = fc.record({
  from: fc.constantFrom(
    'Arm and enable',
    'Arm and enable',
    'Confirm live',
    'resume: Arm again',
    'resume: Confirm live',
  ),
  stalls: fc.tuple(
    fc.record({
      who: fc.constantFrom('launch', 'resume'),
      before: fc.constantFrom('appconfig.', 'engines.', 'strategies.'),
      at: fc.nat({ max: 4 }),
    }),
  ),
});
const instances = REGISTRATION.engines.map(({ instanceId }) => instanceId);
const conditions = fc.record({
  turnMs: fc.constantFrom(1, 12, 60),
  hesitation: fc.array(fc.nat({ max: 15 }), { minLength: 4, maxLength: 4 }),
  deaf: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.subarray(instances)),
});

/** Kills race whatever else happens, from wherever a launch stands, in whatever order: every law of `kill-laws.ts` is kept. */
export const killRace = fc.asyncProperty(
  fc.scheduler(onceAllStandStill),
  fc.oneof(anywhere, aboutToEnable),
  conditions,
  fc.array(kill, { minLength: 1, maxLength: 2 }),
  fc.array(contender, { maxLength: 4 }),
  async (scheduler, where, conditioned, kills, contenders) => {
    const race = await openRace(scheduler, { ...where, ...conditioned });
    await race.begin();
    for (const [number, { target, by, after, misfortune }] of kills.entries())
      race.spawn(`kill ${number}`, async (ports) => {
        await (after === 'a stall' ? race.stalled : race.wait(`kill ${number}`, after));
        const how = { number, caller: by === 'risk' ? risk : trader, misfortune };
        if (target === 'strategy') await killIt(ports, race, how);
        else await killAll(ports, race, { ...how, isOverlooked: target !== 'all' });
      });
    for (const [number, { what, after }] of contenders.entries())
      race.spawn(`${what} ${number}`, async (ports) => {
        await race.wait(`${what} ${number}`, after);
        await CONTENDERS[what](ports, race, number);
      });

    await race.end((ports) => healthTick({ sealNow: false }, ports));

    assert.deepEqual(race.laws.verdict(), []);
  },
);
