/** The account of everything local: no AWS account has it. */
const ACCOUNT = '000000000000';

export function machineArn(region: string, name: string): string {
  return `arn:aws:states:${region}:${ACCOUNT}:stateMachine:${name}`;
}

export function executionArn(region: string, machine: string, name: string): string {
  return `arn:aws:states:${region}:${ACCOUNT}:execution:${machine}:${name}`;
}

/** Name of the machine in its ARN; the whole text when it is no such ARN, so that a look-up finds nothing. */
export function machineNameOf(arn: string): string {
  return /^arn:[\w-]+:states:[\w-]*:\d*:stateMachine:([^:]+)$/.exec(arn)?.[1] ?? arn;
}
