import { decideApproval } from '../../domain/approval/decide-approval.ts';
import { approvalId } from '../../domain/approval/open-approval.ts';
import { change } from '../../domain/change.ts';
import { ActorId, RunId } from '../../domain/ids.ts';
import { executeKill } from '../../domain/kill/execute-kill.ts';
import { freezeLaunches } from '../../domain/kill/freeze-launches.ts';
import { askForTwoConfirmations } from '../../domain/launch/ask-for-two-confirmations.ts';
import { deployArtifact } from '../../domain/launch/deploy-artifact.ts';
import { disarmAndDisable } from '../../domain/launch/disarm-and-disable.ts';
import { lockDeployment } from '../../domain/launch/lock-deployment.ts';
import { openRun } from '../../domain/launch/open-run.ts';
import { releaseDeployment } from '../../domain/launch/release-deployment.ts';
import { requestLaunch } from '../../domain/launch/request-launch.ts';
import { validateParameters } from '../../domain/launch/validate-parameters.ts';
import { renewLease } from '../../domain/lease/renew-lease.ts';
import { Refusal } from '../../domain/refusal.ts';
import { registerStrategies } from '../../domain/register-strategies.ts';
import type { RunStep } from '../../domain/run-step.ts';
import { disableLive } from '../../domain/stop/disable-live.ts';
import { openStop } from '../../domain/stop/open-stop.ts';
import { recordStop } from '../../domain/stop/record-stop.ts';
import { reduceOnly } from '../../domain/stop/reduce-only.ts';
import { requestStop } from '../../domain/stop/request-stop.ts';
import { settleAlone } from '../../domain/stop/settle-alone.ts';
import { settleStrategy } from '../../domain/stop/settle-strategy.ts';
import type { Strategy } from '../../domain/strategy.ts';
import { killPorts } from './kill-ports.ts';
import { signedAnswer } from './passkeys.ts';
import { REGISTRATION, risk, STRATEGY, stateOf, trader, type World } from './world.ts';

/** Something that happens to the strategy: `number` makes its command, so the same number again is the same command again. */
export type Operation = (made: World, number: number) => Promise<unknown>;

const runOf = (kind: string, number: number) => RunId.parse(`${kind}-btc-momentum-20261124-${number}`);

/** A step of the run that holds the strategy; of one that never was when nobody does. */
const stepOf = ({ run, epoch }: Strategy): RunStep => ({
  strategyId: STRATEGY,
  epoch,
  runId: run?.id ?? runOf('launch', 0),
});
function step(act: (step: RunStep, ports: World['ports']) => Promise<unknown>): Operation {
  const asked = new WeakMap<World, Map<number, RunStep>>();
  return (made, number) => {
    const steps = asked.get(made) ?? new Map<number, RunStep>();
    const first = steps.get(number) ?? stepOf(stateOf(made));
    asked.set(made, steps.set(number, first));
    return act(first, made.ports);
  };
}

const sign =
  (caller: typeof trader): Operation =>
  async (made) => {
    const approval = await made.store.get('APPROVAL', approvalId(stepOf(stateOf(made)), 'launch-confirmation'));
    if (!approval) return;
    await decideApproval(
      approval.id,
      signedAnswer(made, caller, approval),
      `${caller.subject}/${approval.id}`,
      made.ports,
    );
  };

/** Commands and steps that are carried out once, however often they are asked for. */
export const COMMANDS = {
  launch: (made, number) =>
    change(
      STRATEGY,
      { key: `launch/${number}`, body: number },
      (state) =>
        requestLaunch(state, {
          ...{ caller: trader, runId: runOf('launch', number), freezes: [], now: made.ports.now() },
          request: { environment: 'prod', ...(number % 2 === 0 && { ticket: `TP-${number}` }) },
        }),
      made.ports,
    ),
  stop: (made, number) =>
    change(
      STRATEGY,
      { key: `stop/${number}`, body: number },
      (state) =>
        requestStop(state, {
          caller: risk,
          runId: runOf('stop', number),
          request: {},
          under: undefined,
          now: made.ports.now(),
        }),
      made.ports,
    ),
  settle: (made, number) =>
    settleAlone({ strategyId: STRATEGY, actor: trader.subject, key: `settle/${number}` }, made.ports),
  openRun: step(openRun),
  lock: step(lockDeployment),
  deploy: step(deployArtifact),
  validate: step(validateParameters),
  ask: step((command, ports) => askForTwoConfirmations({ ...command, taskToken: 'token' }, ports)),
  traderSigns: sign(trader),
  riskSigns: sign(risk),
  disarm: step(disarmAndDisable),
  release: step((command, ports) => releaseDeployment({ ...command, failure: { Error: 'NoGo', Cause: null } }, ports)),
  openStop: step(openStop),
  flagOff: step(disableLive),
  reduceOnly: step(reduceOnly),
  settleStep: step(settleStrategy),
  recordStop: step(recordStop),
  freeze: step(freezeLaunches),
} satisfies Record<string, Operation>;

/** What changes the strategy each time it happens. */
export const EVENTS = {
  register: (made, number) =>
    registerStrategies([{ ...REGISTRATION, desk: `desk ${number}` }], `v${number}`, made.ports),
  kill: (made, number) => kill(made, number),
  killWithoutLedger: (made, number) => withoutTransactions(made, () => kill(made, number)),
  goLive: (made) =>
    change(
      STRATEGY,
      { key: `live/${made.store.storyOf(STRATEGY).length}`, body: 0 },
      (state) => decided({ ...state, mode: 'ACTIVE', maxOrdersPerSec: 4 }),
      made.ports,
    ),
  recover: (made) =>
    change(
      STRATEGY,
      { key: `recover/${made.store.storyOf(STRATEGY).length}`, body: 0 },
      ({ latch: _lifted, run: _ended, lock: _let, ...state }) => decided({ ...state, mode: 'OFF' }),
      made.ports,
    ),
  leaseExpires: async (made) => {
    const [engine] = REGISTRATION.engines;
    if (!engine) return;
    const renewal = { strategyId: STRATEGY, ...engine, report: {} };
    await renewLease({ ...renewal, epoch: stateOf(made).epoch }, made.ports);
    made.pass(60_000);
    await renewLease({ ...renewal, epoch: stateOf(made).epoch }, made.ports);
  },
  timePasses: async (made, number) => made.pass(number * 1000),
} satisfies Record<string, Operation>;

/** For `goLive` and `recover`, which take more people than a test of the ledger wants, or no command of their own yet. */
const decided = (state: Strategy) => ({
  state,
  entries: [{ type: 'test.decided', actor: ActorId.parse('service:test'), payload: {} }],
  reply: undefined,
});

const kill = (made: World, number: number) =>
  executeKill(
    { caller: trader, strategyId: STRATEGY, reason: `loss ${number}`, commandId: `kill-${number}` },
    killPorts(made),
  );

/** While this goes on no transaction gets through, so a kill writes its state alone. */
async function withoutTransactions(made: World, act: () => Promise<unknown>): Promise<void> {
  const { commit } = made.store;
  made.store.commit = () => Promise.reject(new Error('no transactions'));
  await act().finally(() => {
    made.store.commit = commit;
  });
}

/** The world, with the strategy registered by its deployment, so that its log is whole from its first entry. */
export async function registered<Made extends World>(made: Made): Promise<Made> {
  made.store.strategies.delete(STRATEGY);
  made.store.records.delete(`REGISTRATION#${STRATEGY}`);
  await registerStrategies([REGISTRATION], 'v0', made.ports);
  return made;
}

/** One operation after the other, numbered; what a rule refuses is refused. */
export async function happen(made: World, what: readonly Operation[]): Promise<void> {
  for (const [number, operation] of what.entries())
    await operation(made, number).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
    });
}

/** A launch until it is live, a stop until it is off, and two kills of which one found no ledger, each from its beginning to its end. */
export const STORIES = {
  launch: ['launch', 'openRun', 'lock', 'deploy', 'validate', 'ask', 'traderSigns', 'riskSigns', 'goLive'],
  stop: ['stop', 'openStop', 'flagOff', 'reduceOnly', 'settleStep', 'recordStop'],
  kills: ['kill', 'killWithoutLedger', 'killWithoutLedger', 'freeze', 'recover'],
} as const satisfies Record<string, readonly (keyof typeof COMMANDS | keyof typeof EVENTS)[]>;
