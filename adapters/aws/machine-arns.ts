import { environment } from './environment.ts';
import type { MachineArns } from './sfn-executions.ts';

/** The machines as the stack names them to every function. Which of them a function may start or read is a matter of its grants. */
export const machineArns: MachineArns = {
  launch: environment.LAUNCH_MACHINE_ARN,
  stop: environment.STOP_MACHINE_ARN,
  kill: environment.KILL_MACHINE_ARN,
  recover: environment.RECOVER_MACHINE_ARN,
  resume: environment.RESUME_MACHINE_ARN,
  validate: environment.VALIDATE_MACHINE_ARN,
  review: environment.REVIEW_MACHINE_ARN,
  'safe-mode': environment.SAFE_MODE_MACHINE_ARN,
  'venue-instability': environment.VENUE_INSTABILITY_MACHINE_ARN,
};
