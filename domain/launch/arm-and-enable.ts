import { requireUnchanged } from '../plan/require-unchanged.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { type EnablePorts, type Enabling, enableLive } from './enable-live.ts';

const OF_A_LAUNCH: Enabling = {
  signed: ['launch-confirmation', 'flag-flip'],
  stands: requireUnchanged,
  event: 'enable',
  entry: 'launch.enabled',
};

/** Runbook 2.5: arms and enables upon two confirmations and the trader's flip. */
export const armAndEnable = (command: RunStep, ports: EnablePorts): Promise<StepResult> =>
  enableLive(command, OF_A_LAUNCH, ports);
