import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ControlFunction } from './control-function.ts';
import type { Resources } from './resources.ts';
import { machineName } from './workflow.ts';

type MachineName = 'launch' | 'stop' | 'kill';
const machines = ['launch', 'stop', 'kill'] as const;

/** By name, not by reference: a step that answers its own machine would otherwise wait for the machine that waits for it. */
const machineArn = (fn: ControlFunction, machine: MachineName) =>
  Stack.of(fn).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: machineName(machine),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

const executionArns = (fn: ControlFunction, machine: MachineName) =>
  machineArn(fn, machine).replace(':stateMachine:', ':execution:').concat(':*');

const allow = (fn: ControlFunction, actions: readonly string[], resources: readonly string[]) =>
  fn.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));

const appConfig = (...actions: readonly string[]) => actions.map((action) => `appconfig:${action}`);

/** Everything below the applications of our flags: their ids are made at deployment, and naming each would outgrow a role's policy. */
function flagArns({ flags }: Resources): string[] {
  const { partition, region, account } = Stack.of(flags);
  const applications = flags.applicationIds.map(
    (id) => `arn:${partition}:appconfig:${region}:${account}:application/${id}`,
  );
  return applications.flatMap((arn) => [arn, `${arn}/*`]);
}

const deploymentStrategyArn = ({ flags }: Resources) =>
  Stack.of(flags).formatArn({
    service: 'appconfig',
    resource: 'deploymentstrategy',
    resourceName: flags.deploymentStrategyId,
  });

/** Reading the key's data is part of every access to a table: `table.grant` alone leaves the customer key out. */
function onTable(fn: ControlFunction, { key }: Resources, table: TableV2, actions: readonly string[]) {
  table.grant(fn, ...actions.map((action) => `dynamodb:${action}`));
  key.grantEncryptDecrypt(fn);
}

/**
 * What a Lambda may be allowed to do, in the words of the ports it uses. Each word is the least that its adapter needs:
 * the ledger is only ever added to, a lock or a key is never in the same hands as a question.
 */
export const accesses = {
  readState: (fn, all) => onTable(fn, all, all.control, ['GetItem']),
  listState: (fn, all) => onTable(fn, all, all.control, ['Query']),
  writeState: (fn, all) => onTable(fn, all, all.control, ['PutItem', 'UpdateItem']),
  appendLedger: (fn, all) => onTable(fn, all, all.ledger, ['PutItem']),
  readLedger: (fn, all) => onTable(fn, all, all.ledger, ['GetItem', 'Query']),
  readEvidence: (fn, { evidence, key }) => {
    allow(
      fn,
      ['s3:GetObject'],
      ['reports/*', 'configs/*'].map((keys) => evidence.arnForObjects(keys)),
    );
    allow(fn, ['s3:ListBucket'], [evidence.bucketArn]); // or a document that is missing reads as forbidden
    key.grantDecrypt(fn);
  },
  writeEvidence: (fn, { evidence, key }) => {
    allow(fn, ['s3:PutObject', 's3:GetObject'], [evidence.arnForObjects('reports/live/*')]); // reads what is there when the key exists
    key.grantEncryptDecrypt(fn);
  },
  readFlag: (fn, all) => allow(fn, appConfig('StartConfigurationSession', 'GetLatestConfiguration'), flagArns(all)),
  writeFlag: (fn, all) => {
    const actions = appConfig(
      'ListHostedConfigurationVersions',
      'CreateHostedConfigurationVersion',
      'ListDeployments',
      'GetDeployment',
      'StopDeployment',
    );
    allow(fn, actions, flagArns(all));
    allow(fn, appConfig('StartDeployment'), [...flagArns(all), deploymentStrategyArn(all)]);
  },
  startLaunch: (fn) => allow(fn, ['states:StartExecution'], [machineArn(fn, 'launch')]),
  startStop: (fn) => allow(fn, ['states:StartExecution'], [machineArn(fn, 'stop')]),
  startKill: (fn) => allow(fn, ['states:StartExecution'], [machineArn(fn, 'kill')]),
  readHistory: (fn) =>
    allow(
      fn,
      ['states:GetExecutionHistory'],
      machines.map((machine) => executionArns(fn, machine)),
    ),
  answerTasks: (fn) =>
    allow(
      fn,
      ['states:SendTaskSuccess', 'states:SendTaskFailure'],
      machines.map((machine) => machineArn(fn, machine)),
    ),
  publish: (fn, { bus }) => void bus.grantPutEventsTo(fn),
  commandEngines: (fn, { commandKey }) => void commandKey.grant(fn, 'kms:Sign'),
  haltEngines: (fn, { killKey }) => void killKey.grantRead(fn),
  askVenues: (fn, { venueCredentials }) => void venueCredentials.grantRead(fn),
  createKillKey: (fn, { killKey }) => {
    killKey.grantRead(fn);
    killKey.grantWrite(fn);
  },
} satisfies Record<string, (fn: ControlFunction, resources: Resources) => void>;

export type Access = keyof typeof accesses;

const why: Readonly<Record<string, string>> = {
  'Action::kms:GenerateDataKey*':
    'kms:GenerateDataKey and its variants on the one data key: what encrypting with it takes.',
  'Action::kms:ReEncrypt*': 'kms:ReEncryptFrom and kms:ReEncryptTo on the one data key: what encrypting with it takes.',
};

/** Grants each access, and says to the reviewer why the wildcards in it are as narrow as they can be. */
export function grantAccess(fn: ControlFunction, resources: Resources, granted: readonly Access[]) {
  for (const access of granted) accesses[access](fn, resources);
  const role = fn.role;
  if (!role) throw new Error(`${fn.lambdaName} has no role`);
  for (const [finding, reason] of Object.entries(why))
    Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[${finding}]`, reason });
}
