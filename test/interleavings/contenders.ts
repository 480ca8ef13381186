import type { Caller } from '../../domain/approval/caller.ts';
import { decideApproval } from '../../domain/approval/decide-approval.ts';
import { approvalId } from '../../domain/approval/open-approval.ts';
import { change, readRegistration } from '../../domain/change.ts';
import { healthTick } from '../../domain/health-tick.ts';
import { RunId } from '../../domain/ids.ts';
import { coveringLatches } from '../../domain/kill/covering-latches.ts';
import { requireDrained } from '../../domain/kill/drain-spool.ts';
import { executeKill, type KillPorts } from '../../domain/kill/execute-kill.ts';
import { killScope } from '../../domain/kill/kill-scope.ts';
import { updateIncident } from '../../domain/kill/update-incident.ts';
import { freezesGate } from '../../domain/launch/freezes-gate.ts';
import { requestLaunch } from '../../domain/launch/request-launch.ts';
import { registerStrategies } from '../../domain/register-strategies.ts';
import { requestResume } from '../../domain/resume/request-resume.ts';
import { runName } from '../../domain/run-name.ts';
import { requestStop } from '../../domain/stop/request-stop.ts';
import { settleAlone } from '../../domain/stop/settle-alone.ts';
import { asking } from '../domain/resume/a-safe-strategy.ts';
import { signedAnswer } from '../fakes/passkeys.ts';
import { REGISTRATION, RUN, risk, STRATEGY, trader } from '../fakes/world.ts';
import type { Race } from './race.ts';
import type { RacePorts } from './scheduled-ports.ts';

/** Something that happens while a kill does; `number` tells it from others of its kind. */
export type Contender = (ports: RacePorts, race: Race, number: number) => Promise<unknown>;

const runOf = (kind: string, number: number) => RunId.parse(`${kind}-btc-momentum-20261124-00000000000${number}`);

/** As `POST /v1/strategies/{id}/launches` does it. */
const launch: Contender = async (ports, _race, number) => {
  const runId = runOf('launch', number);
  await requireDrained(STRATEGY, ports);
  const [freezes, registration] = await Promise.all([ports.records.all('FREEZE'), readRegistration(STRATEGY, ports)]);
  const { reply } = await change(
    STRATEGY,
    { key: `launch/${number}`, body: number },
    async (state) => {
      const latches = await coveringLatches(registration, ports);
      const request = { environment: 'prod' };
      return requestLaunch(state, { caller: trader, runId, request, freezes, latches, now: ports.now() });
    },
    ports,
  );
  await ports.executions.start('launch', reply.runId, { strategyId: STRATEGY, runId: reply.runId, epoch: reply.epoch });
};

/** As `POST /v1/strategies/{id}/resumptions` does it. */
const resume: Contender = async (ports, { made }, number) => {
  const runId = runOf('resume', number);
  await requireDrained(STRATEGY, ports);
  const [freezes, registration] = await Promise.all([
    freezesGate({ strategyId: STRATEGY }, ports),
    readRegistration(STRATEGY, ports),
  ]);
  const { reply } = await change(
    STRATEGY,
    { key: `resume/${number}`, body: number },
    async (state) => {
      const under = state.run && (await ports.records.get('RUN', state.run.id));
      const latches = await coveringLatches(registration, ports);
      return requestResume(state, asking(made, { runId, freezes, latches, under, now: ports.now() }));
    },
    ports,
  );
  await ports.executions.start('resume', reply.runId, { strategyId: STRATEGY, runId: reply.runId, epoch: reply.epoch });
};

/** As `POST /v1/strategies/{id}/stops` does it. */
const stop: Contender = async (ports, _race, number) => {
  const { reply } = await change(
    STRATEGY,
    { key: `stop/${number}`, body: number },
    async (state) => {
      const under = state.run && (await ports.records.get('RUN', state.run.id));
      return requestStop(state, { caller: risk, runId: runOf('stop', number), request: {}, under, now: ports.now() });
    },
    ports,
  );
  if (reply.started)
    await ports.executions.start('stop', reply.started, {
      strategyId: STRATEGY,
      runId: reply.started,
      epoch: reply.epoch,
    });
};

/** Whoever is asked about the launch that was under way answers once more. */
const answer =
  (caller: Caller, kind: 'launch-confirmation' | 'flag-flip', decision: 'approve' | 'decline'): Contender =>
  async (ports, { made }, number) => {
    const approval = await ports.records.get('APPROVAL', approvalId({ runId: RUN }, kind));
    if (!approval) return;
    const declined = { caller, decision, digest: approval.digest };
    const signed = decision === 'approve' ? signedAnswer(made, caller, approval) : declined;
    await decideApproval(approval.id, signed, `${caller.subject}/${kind}/${decision}/${number}`, ports);
  };

/** All that races a kill. One more goes here. */
export const CONTENDERS = {
  launch,
  resume,
  stop,
  traderApproves: answer(trader, 'launch-confirmation', 'approve'),
  riskApproves: answer(risk, 'launch-confirmation', 'approve'),
  traderFlips: answer(trader, 'flag-flip', 'approve'),
  riskDeclines: answer(risk, 'flag-flip', 'decline'),
  settle: (ports, _race, number) =>
    settleAlone({ strategyId: STRATEGY, actor: trader.subject, key: `settle/${number}` }, ports),
  register: (ports, _race, number) => registerStrategies([{ ...REGISTRATION, desk: 'crypto' }], `v${number}`, ports),
  expectsRecovery: (ports, _race, number) =>
    updateIncident(
      {
        strategyId: STRATEGY,
        actor: risk.subject,
        key: `incident/${number}`,
        request: { eta: '2026-11-25T12:00:00Z' },
      },
      ports,
    ),
  tick: (ports) => healthTick({ sealNow: false }, ports),
  leasesRunOut: async (_ports, { made }) => made.pass(6_000),
} satisfies Record<string, Contender>;

const OUT_OF_REACH = () => Promise.reject(new Error('out of reach'));

/** What goes wrong with a kill besides the race. */
export const MISFORTUNES = ['none', 'no transaction', 'no store', 'no machine', 'no store and no machine'] as const;
export type Misfortune = (typeof MISFORTUNES)[number];

function suffering(ports: RacePorts, misfortune: Misfortune): KillPorts {
  const { read, commit, latchUnconditionally, list } = ports.strategies;
  const away = { read: OUT_OF_REACH, commit: OUT_OF_REACH, latchUnconditionally: OUT_OF_REACH, list: OUT_OF_REACH };
  const store = misfortune.startsWith('no store')
    ? away
    : { read, list, latchUnconditionally, commit: misfortune === 'no transaction' ? OUT_OF_REACH : commit };
  const { history, succeed, fail, start } = ports.executions;
  const executions = { history, succeed, fail, start: misfortune.endsWith('no machine') ? OUT_OF_REACH : start };
  return {
    ...ports,
    strategies: store,
    executions,
    registrationOf: async (id) => (id === STRATEGY ? REGISTRATION : undefined),
  };
}

type Killing = { number: number; caller: Caller; misfortune: Misfortune };

/** A kill of the strategy; told to the laws as soon as its sender is told. */
export async function killIt(ports: RacePorts, race: Race, { number, caller, misfortune }: Killing): Promise<void> {
  const decidedAt = ports.now().toISOString();
  const command = { caller, strategyId: STRATEGY, reason: `loss ${number}`, commandId: `kill-${number}` };
  const { runId, latched, spooled } = await executeKill(command, suffering(ports, misfortune));
  if (!latched && !spooled) race.laws.breaks(`the kill ${runId} was not taken`);
  race.laws.acknowledge({ runId, decidedAt, entries: 'one' });
}

/** A kill of everything: the strategy is found by the kill itself, or by a lease or the schedule; by these alone where the registry overlooks it. */
export async function killAll(
  ports: RacePorts,
  race: Race,
  { number, caller, misfortune, isOverlooked }: Killing & { isOverlooked: boolean },
): Promise<void> {
  const now = ports.now();
  const registrations = async () => (isOverlooked ? [] : [REGISTRATION]);
  const scopePorts = { ...suffering(ports, misfortune), records: ports.records, ledger: ports.ledger, registrations };
  const { latched } = await killScope(
    { caller, scope: 'all', reason: `loss ${number}`, commandId: `kill-${number}` },
    scopePorts,
  );
  if (!latched) race.laws.breaks('the scope was not latched');
  const stands = await race.made.store.get('LATCH', 'all');
  const found = stands && runName('kill', STRATEGY, stands.command, new Date(stands.at));
  const own = runName('kill', STRATEGY, `${caller.subject}/all/kill-${number}`, now);
  const decidedAt = now.toISOString();
  if (found) race.laws.acknowledge({ runId: found, decidedAt, entries: 'any' }); // by whoever finds it first, if nobody kills before
  if (!isOverlooked) race.laws.acknowledge({ runId: own, decidedAt, entries: 'some' });
}
