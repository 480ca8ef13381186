import { afterTheRunSteps } from './after-the-run-steps.ts';
import { auditSteps } from './audit-steps.ts';
import { drillSteps } from './drill-steps.ts';
import { eventually, mustBe } from './eventually.ts';
import { recoverySteps } from './recovery-steps.ts';
import { view } from './view.ts';
import type { World } from './world.ts';

/** One step of the story: what is done, why, where a person can look, and the act that checks every state it leads to. */
export type Step = {
  readonly name: string;
  readonly why: string;
  readonly look: (world: World) => string;
  /** Does it and observes it; gives back what was seen in a few words, or throws what was wrong. */
  readonly act: (world: World) => Promise<string>;
};

const status = ({ strategy }: World) => `npx tradepulse-cli status --strategy ${strategy}`;
const connect: Step = {
  name: 'the engine renews its lease',
  why: 'An engine may trade only while it holds a lease of five seconds. No lease, no trading: that is how everything fails closed.',
  look: status,
  async act(world) {
    await eventually(
      'leases of the engine',
      () => view(world),
      ({ leases }) => leases.length > 0,
    );
    const { mode } = await world.observe.engine();
    mustBe('orders at the venue', await world.observe.restingOrders(), 0);
    return `engine ${mode}, venue empty`;
  },
};

const plan: Step = {
  name: 'the trader looks at the plan before anything is done',
  why: 'What would be launched, on what it would act, and what every gate says now. Its digest is what two people sign; asking changes nothing.',
  look: ({ strategy }) => `npx tradepulse-cli deploy --plan --env prod --strategy ${strategy}`,
  async act(world) {
    const { lines } = await world.cli(
      'deploy',
      '--plan',
      '--env',
      'prod',
      '--strategy',
      world.strategy,
      '--as',
      'trader',
    );
    const digest = String(lines[0]?.['planDigest']);
    mustBe('verdict of the gates', lines[0]?.['verdict'], 'go');
    mustBe('mode of the strategy', (await view(world)).mode, 'OFF');
    world.notes.set('plan', digest);
    return `go; plan ${digest.slice(0, 19)}…`;
  },
};

const deploy = (which: string): Step => ({
  name: `the trader starts the ${which} launch`,
  why: 'Preconditions are checked, the deployment is locked, and every engine attests the digest of what it loaded. Then two people are asked.',
  look: ({ strategy }) => `npx tradepulse-cli runs --strategy ${strategy}`,
  async act(world) {
    const { lines } = await world.cli('deploy', '--env', 'prod', '--strategy', world.strategy, '--as', 'trader');
    const run = lines.map(({ runId }) => runId).find((id) => id !== undefined);
    world.notes.set('launch', String(run));
    mustBe('live.enabled in AppConfig', await world.observe.flag(), false);
    mustBe('orders at the venue', await world.observe.restingOrders(), 0);
    return 'locked, deployed, attested; waits for two confirmations';
  },
});

const samePlan: Step = {
  name: 'what is asked is the plan that was shown',
  why: 'The question binds strategy, environment, artifact, limits, parameters and everything else of the plan by its digest. Any change voids it.',
  look: () => 'npx tradepulse-cli approvals show <approval>',
  async act(world) {
    const { lines } = await world.cli('approvals', 'list', '--as', 'risk');
    const open = lines.find(({ runId }) => runId === world.notes.get('launch'));
    const shown = await world.cli('approvals', 'show', String(open?.['id']), '--as', 'risk');
    mustBe('the plan that is asked about', JSON.stringify(shown.lines).includes(String(world.notes.get('plan'))), true);
    return 'the same digest';
  },
};

const firstConfirmation: Step = {
  name: 'the trader confirms the plan',
  why: 'The document names artifact, limits, parameters, epoch, nonce and expiry. The command line recomputes its digest before it signs it.',
  look: () => 'npx tradepulse-cli approvals',
  async act(world) {
    await world.cli('approve', '--strategy', world.strategy, '--as', 'trader', '--yes');
    return 'one of two signatures';
  },
};

const samePerson: Step = {
  name: 'the same person may not confirm twice',
  why: 'Two signatures of one person are one opinion. The attempt is refused and leaves a mark in the access log.',
  look: () => 'npx tradepulse-cli ledger access',
  async act(world) {
    await world.refused(12, 'approve', '--strategy', world.strategy, '--as', 'trader', '--yes');
    return 'refused with exit code 12';
  },
};

const secondConfirmation: Step = {
  name: 'the risk officer confirms the plan',
  why: 'With the second signature the machine goes on by itself: fifteen recorded minutes are replayed without sending, then go or no-go is decided.',
  look: ({ strategy }) => `npx tradepulse-cli runs --strategy ${strategy}`,
  async act(world) {
    await world.cli('approve', '--strategy', world.strategy, '--as', 'risk', '--yes');
    mustBe('live.enabled in AppConfig', await world.observe.flag(), false);
    return 'smoke replay in tolerance, go; waits for the flip';
  },
};

const flip: Step = {
  name: 'the trader flips live.enabled',
  why: 'The last signature is over plan, smoke report and go/no-go together. There is no other way to enable trading.',
  look: status,
  async act(world) {
    await world.cli('flag', 'enable', '--strategy', world.strategy, '--as', 'trader', '--yes');
    mustBe('live.enabled in AppConfig', await world.observe.flag(), true);
    const engine = await eventually(
      'mode of the engine',
      () => world.observe.engine(),
      ({ mode }) => mode === 'ACTIVE',
    );
    mustBe('halted, says the engine', engine.halted, false);
    const seen = await eventually(
      'the view of the control plane',
      () => view(world),
      ({ tradingAllowed }) => tradingAllowed,
    );
    return `live: flag on, engine ${engine.mode} at epoch ${engine.epoch}, control plane says ${seen.mode}`;
  },
};

const replay: Step = {
  name: 'the risk officer replays the go',
  why: 'Go/no-go is a pure function over archived evidence: the kill path probed at the venue, the signed change event, what every engine said. Anybody computes the same verdict again.',
  look: () => 'npx tradepulse-cli runs gates <run> --replay',
  async act(world) {
    await world.cli('runs', 'gates', String(world.notes.get('launch')), '--replay', '--as', 'risk');
    return 'the same verdict from the same evidence';
  },
};

const flow: Step = {
  name: 'orders rest at the venue',
  why: 'Asked at the venue itself with its read-and-cancel key, not at the engine.',
  look: status,
  async act(world) {
    const count = await eventually(
      'orders at the venue',
      () => world.observe.restingOrders(),
      (orders) => orders > 0,
      15_000,
    );
    return `${count} orders`;
  },
};

const stop: Step = {
  name: 'the trader stops it as planned',
  why: 'The flag goes off first, which still lets cancels and closing orders through. Then the drain, settlement, and a confirmation with the ticket.',
  look: status,
  async act(world) {
    await world.cli('stop', '--strategy', world.strategy, '--reason', 'end of the session', '--as', 'trader');
    mustBe('orders at the venue', await world.observe.restingOrders(), 0);
    mustBe('live.enabled in AppConfig', await world.observe.flag(), false);
    const engine = await eventually(
      'mode of the engine',
      () => world.observe.engine(),
      ({ mode }) => mode === 'SAFE',
    );
    mustBe('mode of the strategy', (await view(world)).mode, 'OFF');
    return `off: venue empty, flag off, engine ${engine.mode}`;
  },
};

/** The kill as it goes when nothing else is wrong; the tour plays it with a fault instead. */
export const kill: Step = {
  name: 'the trader kills it',
  why: 'One person, one command, no question. The kill is latched and pushed to the engines before it is acknowledged.',
  look: status,
  async act(world) {
    const { lines } = await world.cli('kill', '--strategy', world.strategy, '--reason', 'rehearsal', '--as', 'trader');
    world.notes.set('kill', String(lines[0]?.['runId']));
    const engine = await eventually(
      'the engine',
      () => world.observe.engine(),
      ({ halted }) => halted,
    );
    await eventually(
      'orders at the venue',
      () => world.observe.restingOrders(),
      (orders) => orders === 0,
    );
    await eventually(
      'live.enabled in AppConfig',
      () => world.observe.flag(),
      (enabled) => !enabled,
    );
    mustBe('mode of the strategy', (await view(world)).mode, 'KILLED');
    return `acknowledged as ${lines[0]?.['status']}; engine halted at epoch ${engine.epoch}, venue empty, flag off`;
  },
};

const frozen: Step = {
  name: 'nothing can be launched after it',
  why: 'A kill freezes launches until its post-mortem is signed off and two people have recovered what was killed.',
  look: status,
  async act(world) {
    await world.refused(10, 'deploy', '--env', 'prod', '--strategy', world.strategy, '--as', 'trader');
    mustBe('halted, says the engine', (await world.observe.engine()).halted, true);
    return 'refused with exit code 10';
  },
};

const confirmKill: Step = {
  name: 'whoever killed signs it, and the risk officer confirms it',
  why: 'A kill never waits for a second person, but it needs one afterwards: dual signatures without delay.',
  look: () => 'npx tradepulse-cli approvals --all',
  async act(world) {
    await world.cli('approve', '--strategy', world.strategy, '--as', 'trader', '--yes');
    await world.cli('approve', '--strategy', world.strategy, '--as', 'risk', '--yes');
    mustBe('halted, says the engine', (await world.observe.engine()).halted, true);
    mustBe('orders at the venue', await world.observe.restingOrders(), 0);
    return 'both signatures are there';
  },
};

const messages: Step = {
  name: 'everybody was told',
  why: 'Launch, planned halt, kill, drill and the way back each have their message, written in the same transaction as the change, and acknowledged by its provider.',
  look: () => 'npx tradepulse-cli comms ls',
  async act(world) {
    const wanted = [
      `Runbook: Launching ${world.strategy}`,
      `Runbook: Stopping ${world.strategy}`,
      `Kill-switch triggered for ${world.strategy}`,
      `The kill of ${world.strategy} is over`,
      `DRILL: Kill-switch triggered for ${world.strategy}`,
    ];
    const acknowledged = ['--status', 'acknowledged', '--limit', '500', '--as', 'auditor'];
    const texts = await eventually(
      'messages of everything that happened',
      async () => (await world.cli('comms', 'ls', ...acknowledged)).lines.map(({ subject }) => String(subject)),
      (subjects) => wanted.every((start) => subjects.some((subject) => subject.startsWith(start))),
    );
    return `${texts.length} messages`;
  },
};

const launch = (which: string): Step[] => [deploy(which), firstConfirmation, secondConfirmation, flip, flow];

/** The whole story: plan, launch, planned stop, review, second launch, kill, confirmation, the way back, third launch, drill, kill by a device, proof. */
export const SCENARIO: readonly Step[] = [
  connect,
  plan,
  deploy('first'),
  samePlan,
  firstConfirmation,
  samePerson,
  ...launch('first').slice(2),
  replay,
  stop,
  ...afterTheRunSteps,
  ...launch('second'),
  kill,
  frozen,
  confirmKill,
  ...recoverySteps,
  ...launch('third'),
  ...drillSteps,
  messages,
  ...auditSteps,
];
