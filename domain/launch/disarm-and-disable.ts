import { change, readRegistration, readStrategy } from '../change.ts';
import type { Run } from '../control-record.ts';
import { enginesOf } from '../engine-instances.ts';
import type { Receipt } from '../ledger/ledger-entry.ts';
import { takenOverBy } from '../lock/taken-over-by.ts';
import { isLive } from '../mode.ts';
import type { FlagDeployment } from '../ports/flags.ts';
import type { Ports } from '../ports/ports.ts';
import type { Registration } from '../registration.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';
import { eventOf, wordOf } from './event-of.ts';

const DEADLINE_MS = 2_000;

type Undoing = { readonly command: RunStep; readonly run: Run; readonly registration: Registration };
type Halts = { readonly halted: number; readonly unreachable: readonly string[] };

/**
 * Undoes 'Arm and enable', as much of it as happened: flag off and engines halted, both at once, since neither may wait for the
 * other; each stands in the ledger for itself. Not fenced: switching off is right at any epoch. Where another run has taken
 * the strategy over its work stays: what it has enabled is left alone, and its engines are its own. Throws until the flag is off. An
 * instance that cannot be reached is named, and its lease bounds it.
 */
export async function disarmAndDisable(command: RunStep, ports: Ports): Promise<StepResult> {
  const [registration, run, state] = await Promise.all([
    readRegistration(command.strategyId, ports),
    readRun(command, ports),
    readStrategy(command.strategyId, ports),
  ]);
  const taker = takenOverBy(state, command.runId);
  if (taker && isLive(state.mode))
    return { summary: `${taker} has taken ${state.id} over and it is ${state.mode}`, verdict: 'nothing-to-do' };
  const undoing = { command, run, registration };
  const [[flag], halts] = await Promise.all([
    Promise.allSettled([ports.flags.disable(registration.flag)]),
    taker ? undefined : haltAll(undoing, Math.max(command.epoch, state.epoch), ports),
  ]);
  const off = flag.status === 'fulfilled' ? await recordFlagOff(undoing, flag.value, ports) : undefined;
  const halted = halts && (await recordHalts(undoing, halts, ports));
  if (flag.status === 'rejected') throw flag.reason; // the machine tries again until the flag is off
  return withLedgerIndex({ reply: undone(halts), receipt: halted ?? off, repeated: false });
}

function undone({ halted, unreachable }: Halts = { halted: 0, unreachable: [] }): StepResult {
  const summary = `live.enabled = false, ${halted} of ${halted + unreachable.length} instances halted`;
  return { summary, verdict: 'done' };
}

/** At the epoch of this moment: a halt that knows less than an engine does would fence the launch that comes next, too. */
async function haltAll({ command, run, registration }: Undoing, epoch: number, ports: Ports): Promise<Halts> {
  const order = {
    strategyId: command.strategyId,
    epoch,
    commandId: `${command.runId}/disarm`,
    reason: `the ${wordOf(run)} was withdrawn`,
  };
  const instances = enginesOf(registration);
  const halts = await Promise.allSettled(
    instances.map((instance) => ports.engines.halt(instance, order, { deadlineMs: DEADLINE_MS })),
  );
  const unreachable = instances.flatMap(({ instanceId }, at) => (halts[at]?.status === 'rejected' ? [instanceId] : []));
  return { halted: instances.length - unreachable.length, unreachable };
}

function recordFlagOff({ command, run }: Undoing, flag: FlagDeployment, ports: Ports) {
  const entry = { type: eventOf(run, 'disabled'), actor: run.requestedBy, run: run.id, payload: { flag } };
  const seen = (state: Strategy) => ({ ...state, flagVersion: Math.max(state.flagVersion, flag.version) });
  return record(command, 'flag', (state) => ({ state: seen(state), entries: [entry], reply: {} }), ports);
}

function recordHalts({ command, run }: Undoing, halts: Halts, ports: Ports) {
  const entry = { type: eventOf(run, 'disarmed'), actor: run.requestedBy, run: run.id, payload: halts };
  return record(command, 'engines', (state) => ({ state, entries: [entry], reply: {} }), ports);
}

/** What was undone, once, under a key of its own: it may be done in one try and the rest in the next. */
async function record(
  command: RunStep,
  what: 'flag' | 'engines',
  decide: Parameters<typeof change<object>>[2],
  ports: Ports,
): Promise<Receipt | undefined> {
  const { receipt } = await change(command.strategyId, stepKey(command, `DisarmAndDisable/${what}`), decide, ports);
  return receipt;
}
