import * as z from 'zod';
import { mustBe } from './eventually.ts';
import type { Step } from './scenario.ts';
import { lastKill, view } from './view.ts';
import type { World } from './world.ts';

/** A strategy that is off while the story goes on. */
const OTHER = 'eurusd-carry';

const Drill = z.looseObject({
  score: z.looseObject({
    run: z.string(),
    verdict: z.string(),
    phases: z.array(z.looseObject({ phase: z.string(), ms: z.number().nullable() })),
  }),
});
const Entry = z.looseObject({ entry: z.looseObject({ proofs: z.array(z.looseObject({ method: z.string() })) }) });
const Credentials = z.array(z.looseObject({ id: z.string() }));
const Revoked = z.looseObject({ credential: z.looseObject({ status: z.string() }) });

const drill: Step = {
  name: 'an SRE drills the kill',
  why: 'The very same kill, and only where configuration, venue and engine all say that nothing is live. Every message says DRILL first.',
  look: () => 'npx tradepulse-cli drill ls',
  async act(world) {
    const { run } = await drilled(
      world,
      'drill',
      'kill',
      '--strategy',
      world.strategy,
      '--reason',
      'rehearsal',
      '--as',
      'sre',
    );
    world.notes.set('kill', run);
    mustBe('halted, says the engine', (await world.observe.engine()).halted, true);
    mustBe('orders at the venue', await world.observe.restingOrders(), 0);
    mustBe('mode of the strategy', (await view(world)).mode, 'KILLED');
    return 'halted, venue empty, latched; only the second person is missing';
  },
};

const score: Step = {
  name: 'it is confirmed as a real kill is, and scored',
  why: 'Decision to latched, halted, venue at zero, people told, confirmed: each time stands beside its budget, in the ledger. How fast is for the machine that runs this.',
  look: ({ strategy }) => `npx tradepulse-cli ledger ${strategy} --type drill.scored`,
  async act(world) {
    const run = lastKill(world);
    for (const as of ['sre', 'risk']) await world.cli('approve', '--strategy', world.strategy, '--as', as, '--yes');
    const { verdict, phases } = await drilled(world, 'drill', 'show', run, '--as', 'auditor');
    mustBe(
      'phases that were not reached',
      phases.filter(({ ms }) => ms === null).map(({ phase }) => phase),
      [],
    );
    return `${verdict}: ${phases.map(({ phase, ms }) => `${phase} ${ms} ms`).join(', ')}`;
  },
};

const device: Step = {
  name: 'a laptop kills another strategy, with no login at all',
  why: 'A device has a key that can kill and do nothing else. It works while the identity provider is away, and on what is not trading: that stays latched, too.',
  look: () => `npx tradepulse-cli ledger ${OTHER}`,
  async act(world) {
    const kill = await world.cli('kill', '--strategy', OTHER, '--device', 'trader-laptop', '--reason', 'rehearsal');
    mustBe('latched', kill.lines[0]?.['latched'], true);
    const { lines } = await world.cli('ledger', OTHER, '--type', 'kill.requested', '--as', 'auditor');
    const [proof, ...others] = Entry.parse(lines[0]).entry.proofs;
    mustBe('how it is proved', [proof?.method, others.length], ['device-key', 0]);
    return 'latched; the entry holds the signature of the laptop';
  },
};

const lost: Step = {
  name: 'somebody has lost their authenticator, and takes it out of use',
  why: 'At once and for good. Which keys counted when stands in the log of the desk: an auditor needs nobody to say so.',
  look: () => 'npx tradepulse-cli credential ls',
  async act(world) {
    const own = Credentials.parse((await world.cli('credential', 'ls', '--as', 'quant')).lines);
    mustBe('authenticators of the quant', own.length, 1);
    const { lines } = await world.cli('credential', 'revoke', String(own[0]?.id), '--as', 'quant');
    mustBe('what became of it', Revoked.parse(lines[0]).credential.status, 'revoked');
    return 'revoked';
  },
};

/** A drill of what trades, a kill by a device of what does not, and an authenticator that is lost. */
export const drillSteps: readonly Step[] = [drill, score, device, lost];

/** A drill that missed a budget ends with 18, and is as true a story. */
async function drilled(world: World, ...args: string[]) {
  const { lines } = await world.ending([0, 18], ...args);
  return Drill.parse(lines.findLast((line) => 'score' in line)).score;
}
