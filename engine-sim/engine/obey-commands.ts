import { Problem } from '../program/problem.ts';
import { parseBody } from '../program/read-body.ts';
import { openOrders } from './answer-questions.ts';
import { attestation } from './attestation.ts';
import { adoptEpoch, arm, halt, load, requireIdle, setMode, throttle } from './command-rules.ts';
import * as commands from './commands.ts';
import { digestOfDocument } from './document-digest.ts';
import { flowOf } from './flow-settings.ts';
import type { Instance } from './instance.ts';
import { currencyOf } from './instance-report.ts';
import { loadArtifact } from './load-artifact.ts';
import { probe } from './probe.ts';
import { profitAndLoss } from './risk-service.ts';
import { runSmoke } from './run-smoke.ts';

export type Obey = (instance: Instance, body: Uint8Array, artifacts: string) => Promise<unknown>;

/** What each command does. Every one has been verified; only `halt` may come from the kill key. */
export const COMMANDS: Readonly<Record<string, Obey>> = {
  async halt({ settings, core, entry }, body) {
    const command = forThis(settings.strategyId, parseBody(commands.Halt, body));
    const resting = entry.orders.all().length;
    const persisted = core.apply((state, now) => halt(state, command, now)); // in force before anything is awaited
    const cancelling = entry.cancelAll().catch(() => undefined);
    const flushed = await persisted.then(
      () => true,
      () => false,
    );
    void cancelling;
    const { epoch, halt: latch } = core.state();
    return {
      instanceId: settings.instanceId,
      halted: true,
      epoch,
      openOrders: resting,
      haltedAt: latch?.at,
      ...(!flushed && { persisted: false }),
    };
  },
  async arm({ settings, core }, body) {
    const command = forThis(settings.strategyId, parseBody(commands.Arm, body));
    await core.apply((state, now) => arm(state, command, now));
    return { instanceId: settings.instanceId, armed: true, epoch: core.state().epoch, mode: core.inForce().mode };
  },
  async mode({ settings, core }, body) {
    const command = forThis(settings.strategyId, parseBody(commands.SetMode, body));
    await core.apply((state, now) => setMode(state, command, now));
    return { instanceId: settings.instanceId, epoch: core.state().epoch, ...core.inForce() };
  },
  async throttle({ settings, core }, body) {
    const command = forThis(settings.strategyId, parseBody(commands.Throttle, body));
    await core.apply((state, now) => throttle(state, command, now));
    return { instanceId: settings.instanceId, epoch: core.state().epoch, ...core.inForce() };
  },
  async 'cancel-all'({ settings, core, entry }, body) {
    const command = forThis(settings.strategyId, parseBody(commands.CancelAll, body));
    await core.apply((state) => adoptEpoch(state, command));
    return { cancelRequested: await entry.cancelAll() };
  },
  async deploy({ settings, core, staysStale }, body, artifacts) {
    const command = forThis(settings.strategyId, parseBody(commands.Deploy, body));
    await core.apply((state, now) => requireIdle(state, command, now));
    if (staysStale()) return attestation(settings, core);
    requireObeyable(command);
    const artifactDigest = await loadArtifact(artifacts, command.artifactDigest);
    const { parameters, limits } = command;
    const digests = {
      artifactDigest,
      limitsDigest: digestOfDocument(limits),
      parametersDigest: digestOfDocument(parameters),
    };
    await core.apply((state, now) => load(requireIdle(state, command, now), { ...digests, parameters, limits }));
    return attestation(settings, core);
  },
  async smoke({ settings, core, venue }, body) {
    const command = forThis(settings.strategyId, parseBody(commands.Smoke, body));
    await core.apply((state) => adoptEpoch(state, command));
    const { loaded } = core.state();
    if (!loaded) throw new Problem(409, 'NotLoaded', 'nothing is deployed here', 'deploy first');
    const { artifactDigest } = loaded; // before anything is awaited: a deployment may come meanwhile
    const report = await runSmoke(flowOf(loaded.parameters, loaded.limits), command.windowMinutes, venue);
    return { ...report, artifactDigest };
  },
  async probe(instance, body) {
    return probe(instance, forThis(instance.settings.strategyId, parseBody(commands.Probe, body)));
  },
  async settle(instance, body) {
    const { settings, core, entry } = instance;
    const command = forThis(settings.strategyId, parseBody(commands.Settle, body));
    await core.apply((state) => adoptEpoch(state, command));
    const { mode } = core.inForce();
    if (mode === 'ACTIVE' || mode === 'THROTTLED')
      throw new Problem(409, 'Trading', `the instance is ${mode}`, 'stop the strategy first', { mode });
    await entry.reconcile();
    const { positions, cash } = instance.reported();
    const pnl = { ...profitAndLoss(entry), currency: currencyOf(core.state().loaded?.limits) };
    return { instanceId: settings.instanceId, settled: true, openOrders: openOrders(instance), positions, cash, pnl };
  },
};

function forThis<Command extends commands.Command>(strategyId: string, command: Command): Command {
  if (command.strategyId === strategyId) return command;
  throw new Problem(
    409,
    'WrongStrategy',
    `this instance runs ${strategyId}, not ${command.strategyId}`,
    'address the right instance',
    { strategyId },
  );
}

function requireObeyable({ parameters, limits }: commands.Deploy): void {
  try {
    flowOf(parameters, limits);
  } catch (error) {
    throw new Problem(
      422,
      'NotObeyable',
      `this engine cannot obey these documents: ${error instanceof Error ? error.message : String(error)}`,
      'look at engine-sim/README.md',
    );
  }
}
