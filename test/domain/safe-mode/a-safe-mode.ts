import { closeDataIncident } from '../../../domain/data-incident/close-data-incident.ts';
import type { DataIncident } from '../../../domain/data-incident/data-incident.ts';
import { keepOversight } from '../../../domain/data-incident/keep-oversight.ts';
import { openDataIncident } from '../../../domain/data-incident/open-data-incident.ts';
import { proposeResumption } from '../../../domain/data-incident/propose-resumption.ts';
import { ActorId, RunId } from '../../../domain/ids.ts';
import { executeKill } from '../../../domain/kill/execute-kill.ts';
import { leaseId } from '../../../domain/lease/lease.ts';
import { LedgerEntry } from '../../../domain/ledger/ledger-entry.ts';
import { runName } from '../../../domain/run-name.ts';
import type { RunStep } from '../../../domain/run-step.ts';
import { enterSafeMode, type SafeModeReply } from '../../../domain/safe-mode/enter-safe-mode.ts';
import { killUnverified } from '../../../domain/safe-mode/kill-unverified.ts';
import { openSafeMode } from '../../../domain/safe-mode/open-safe-mode.ts';
import { repeatHalt } from '../../../domain/safe-mode/repeat-halt.ts';
import type { SafeModeCause } from '../../../domain/safe-mode/safe-mode.ts';
import { verifyNothingRests } from '../../../domain/safe-mode/verify-nothing-rests.ts';
import { requestStop } from '../../../domain/stop/request-stop.ts';
import { killPorts } from '../../fakes/kill-ports.ts';
import { leaseReport } from '../../fakes/lease-report.ts';
import { REGISTRATION, RUN, risk, STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';
import { type Context, definitionOf, walkMachine } from '../../interleavings/walk-machine.ts';
import { LOADED } from '../resume/a-safe-strategy.ts';

export const WATCHDOG = ActorId.parse('service:watchdog');

/** A strategy that trades, in the hands of its launch. */
export function liveWorld(changes: Partial<ReturnType<typeof stateOf>> = {}): World {
  const made = world();
  const run = { id: RUN, ticket: 'TP-1' };
  const live = { ...stateOf(made), ...LOADED, mode: 'ACTIVE' as const, epoch: 4, run, maxOrdersPerSec: 4, ...changes };
  made.store.strategies.set(STRATEGY, live);
  made.flags.live = true;
  made.venues.positions = async () => [{ instrument: 'BTC-PERP', quantity: -2, averagePrice: 90, markPrice: 100 }];
  return made;
}

export const safeRun = (made: World, about: string): RunId => runName('safe-mode', STRATEGY, about, made.clock.now);

/** The watchdog, or a person, takes it into safe mode; `about` makes the run. */
export const entered = (
  made: World,
  cause: SafeModeCause,
  { about = cause as string, actor = WATCHDOG, reason = 'three cycles missed' as unknown } = {},
): Promise<SafeModeReply> =>
  enterSafeMode({ strategyId: STRATEGY, cause, reason, actor, runId: safeRun(made, about) }, made.ports);

/** What its machine hands to its states. */
export const stepOf = ({ runId, epoch }: SafeModeReply): RunStep => {
  if (runId === null) throw new TypeError('nothing was entered');
  return { strategyId: STRATEGY, runId, epoch };
};

/** Every instance renews its lease now, and is heard in full, but for what is left out. */
export async function renewed(made: World, without: readonly string[] = []): Promise<void> {
  const now = made.ports.now();
  const report = leaseReport(made);
  const heartbeats = Object.entries(Object(report['heartbeats'])).filter(([name]) => !without.includes(name));
  for (const { instanceId } of REGISTRATION.engines)
    await made.store.put({
      kind: 'LEASE',
      record: {
        ...{ id: leaseId(STRATEGY, instanceId), strategyId: STRATEGY, instanceId, epoch: stateOf(made).epoch },
        ...{ grantedMode: 'SAFE', grantedAt: now.toISOString() },
        expiresAt: new Date(now.getTime() + 5_000).toISOString(),
        report: {
          ...report,
          heartbeats: Object.fromEntries(heartbeats),
          positions: [{ instrument: 'BTC-PERP', quantity: -1, averagePrice: 90, markPrice: 100 }],
          pnl: { realised: 1, unrealised: -10, currency: 'USD' },
        },
      },
    });
}

/** Time passes a second at a time, with renewals. */
export async function passing(made: World, seconds: number, without: readonly string[] = []): Promise<void> {
  for (let second = 0; second < seconds; second += 1) made.pass(1000);
  await renewed(made, without);
}

export const incidentsIn = ({ store }: World): DataIncident[] =>
  [...store.records.values()].flatMap((each) => (each.kind === 'DATAINCIDENT' ? [each.record] : []));

export const incidentIn = (made: World): DataIncident | undefined => incidentsIn(made).at(-1);

export const entriesOf = ({ store }: World): LedgerEntry[] =>
  (store.logs.get(STRATEGY) ?? []).map(({ text }) => LedgerEntry.parse(JSON.parse(text)));

export const payloadOf = (made: World, type: string) =>
  entriesOf(made).findLast((entry) => entry.type === type)?.payload;

const STEPS = {
  OpenSafeMode: openSafeMode,
  RepeatHalt: repeatHalt,
  VerifyNothingRests: verifyNothingRests,
  KillUnverified: killUnverified,
  OpenDataIncident: openDataIncident,
  KeepOversight: keepOversight,
  ProposeResumption: proposeResumption,
  CloseDataIncident: closeDataIncident,
};

/** Runs the machine of statemachines/ to its end; `before` happens before each state, and before it is tried again. */
export const played = (made: World, step: RunStep, before: (state: string) => Promise<void>): Promise<Context> =>
  walkMachine(
    definitionOf('safe-mode'),
    { ...step },
    {
      execution: step.runId,
      pause: before,
      answered: () => Promise.reject(new TypeError('no state of a safe mode waits for people')),
      step: (name, input) => {
        const act = new Map(Object.entries(STEPS)).get(name) as Act | undefined; // each takes what its state gives it
        if (!act) throw new TypeError(`a-safe-mode.ts knows no ${name}`);
        return act(input, made.ports);
      },
    },
  );

type Act = (input: Context, ports: World['ports']) => Promise<unknown>;

/** What a person or another machine may do while it goes on. */
export const KILL = (made: World) =>
  executeKill({ caller: risk, strategyId: STRATEGY, reason: 'enough', commandId: 'k' }, killPorts(made));
export const STOP = async (made: World) => {
  const runId = RunId.parse('stop-btc-momentum-20261124-0123456789ab');
  const asked = { caller: trader, runId, request: {}, under: undefined, now: made.clock.now };
  await made.store.commit(stateOf(made), requestStop(stateOf(made), asked), made.clock.now);
};
export const RESUMED = async (made: World) => {
  const { safeMode: _over, ...state } = stateOf(made);
  made.store.strategies.set(STRATEGY, { ...state, mode: 'ACTIVE', version: state.version + 1 });
};
