import { ArnFormat, NestedStack, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { machineName, Workflow, type WorkflowProps } from './workflow.ts';

/** The machines of the runbook, and what on-call is told when a run of one does not succeed. */
const impacts = {
  launch: 'the strategy is not live, and its deployment may still be locked',
  stop: 'the strategy takes no new orders, but orders may still rest at its venues and it is not settled',
  kill: 'the strategy is latched, but nobody has proved that nothing rests at its venues; the machine is started again',
  recover: 'the strategy stays killed, and launches stay frozen: read what it found, mend that, and recover again',
  resume: 'the strategy stays SAFE and does not trade, and its deployment may still be locked: read what it found',
  review:
    'the run is not reviewed: its summary, its audit of signatures or its archive may be missing; nothing that trades was changed',
  'safe-mode':
    'the strategy is SAFE, but nobody has proved that nothing rests at its venues, or its data incident is not looked after',
  'venue-instability':
    'the strategy stays throttled, but nobody counts the five minutes any more: look at its venue, and kill it if it is not stable',
  validate: 'the dry-run replay did not stay in its bands, or proved nothing; nothing was changed',
};

export type RunbookWorkflows = Readonly<Record<keyof typeof impacts, Workflow>>;

/** Launch (runbook 2), stop (4), kill (5.1), recover (5.1.4), review (7) and the smaller ones: each a stack of its own, since a stack holds 500 resources. */
export function runbookWorkflows(
  scope: Construct,
  props: Pick<WorkflowProps, 'environment' | 'lambdaCode' | 'alarms'>,
): RunbookWorkflows {
  const workflow = (id: string, name: keyof typeof impacts, more: Readonly<Record<string, string>> = {}) =>
    new Workflow(new NestedStack(scope, id, { description: `TradePulse: ${name}` }), 'Workflow', {
      ...{ name, impactOfFailure: impacts[name] },
      ...props,
      environment: { ...props.environment, ...more },
    });
  return {
    'safe-mode': workflow('SafeMode', 'safe-mode', startsByName(scope)),
    'venue-instability': workflow('VenueInstability', 'venue-instability', startsByName(scope)),
    launch: workflow('Launch', 'launch'),
    stop: workflow('Stop', 'stop'),
    kill: workflow('Kill', 'kill'),
    recover: workflow('Recover', 'recover'),
    resume: workflow('Resume', 'resume'),
    validate: workflow('Validate', 'validate'),
    review: workflow('Review', 'review'),
  };
}

/** The machines that steps of other machines start, by name: a reference would make one stack wait for the other. */
const startsByName = (scope: Construct) => {
  const arnOf = (name: string) =>
    Stack.of(scope).formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: machineName(name),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  return { KILL_MACHINE_ARN: arnOf('kill'), RESUME_MACHINE_ARN: arnOf('resume') };
};

/** How Lambdas that start machines know them. */
export const machineArns = ({
  launch,
  stop,
  kill,
  recover,
  resume,
  validate,
  review,
  ...others
}: RunbookWorkflows) => ({
  LAUNCH_MACHINE_ARN: launch.machine.stateMachineArn,
  STOP_MACHINE_ARN: stop.machine.stateMachineArn,
  KILL_MACHINE_ARN: kill.machine.stateMachineArn,
  RECOVER_MACHINE_ARN: recover.machine.stateMachineArn,
  RESUME_MACHINE_ARN: resume.machine.stateMachineArn,
  VALIDATE_MACHINE_ARN: validate.machine.stateMachineArn,
  REVIEW_MACHINE_ARN: review.machine.stateMachineArn,
  SAFE_MODE_MACHINE_ARN: others['safe-mode'].machine.stateMachineArn,
  VENUE_INSTABILITY_MACHINE_ARN: others['venue-instability'].machine.stateMachineArn,
});
