import { type EnablePorts, type Enabling, enableLive } from '../launch/enable-live.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { requireStanding } from './require-standing.ts';

const OF_A_RESUMPTION: Enabling = {
  signed: ['resume'],
  stands: requireStanding,
  event: 'resume',
  entry: 'resume.enabled',
};

/** Product decision 9: arms and enables again upon the signatures of two people; only here the strategy leaves SAFE. */
export const armAgain = (command: RunStep, ports: EnablePorts): Promise<StepResult> =>
  enableLive(command, OF_A_RESUMPTION, ports);
