import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { ControlFunction } from './control-function.ts';
import type { Resources } from './resources.ts';
import { machineName } from './workflow.ts';

/** What grants are made of: the resources, and the one function that others ask. */
type Grantable = Resources & { readonly planner: ControlFunction; readonly mailFrom: string };

const machines = [
  ...(['launch', 'stop', 'kill', 'recover', 'resume', 'validate', 'review'] as const),
  ...(['safe-mode', 'venue-instability'] as const),
];
type MachineName = (typeof machines)[number];

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

/** Everything below the applications of our flags: naming each environment and profile would outgrow a role's policy. */
function onFlags(fn: ControlFunction, { flags }: Resources, actions: readonly string[]) {
  const { partition, region, account } = Stack.of(flags);
  for (const id of flags.applicationIds) {
    const arn = `arn:${partition}:appconfig:${region}:${account}:application/${id}`;
    allow(
      fn,
      actions.map((action) => `appconfig:${action}`),
      [arn, `${arn}/*`],
    );
    acknowledgeWildcard(
      fn.ownRole,
      `${arn}/*`,
      'The environments and profiles of one application of ours, which holds flags of strategies and nothing else.',
    );
  }
}

const deploymentStrategyArn = ({ flags }: Resources) =>
  Stack.of(flags).formatArn({
    service: 'appconfig',
    resource: 'deploymentstrategy',
    resourceName: flags.deploymentStrategyId,
  });

/** Using the customer key is part of every access to a table. Exact ARNs: `table.grant` adds every index as a wildcard. */
function onTable(fn: ControlFunction, { key }: Resources, arn: string, actions: readonly string[]) {
  allow(
    fn,
    actions.map((action) => `dynamodb:${action}`),
    [arn],
  );
  encrypting(fn, key);
}

/** On counters of refused attempts in the control table, by their keys, and on no other item. `Null`: a call that names no key at all is none of ours. */
function onRefusals(fn: ControlFunction, { control, key }: Resources, action: 'UpdateItem' | 'DeleteItem') {
  fn.addToRolePolicy(
    new PolicyStatement({
      actions: [`dynamodb:${action}`],
      resources: [control.tableArn],
      conditions: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['REFUSAL#*'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    }),
  );
  encrypting(fn, key);
}

/** What reading and writing with the data key takes; the wildcards are two families of calls on this one key. */
function encrypting(fn: ControlFunction, key: Key) {
  key.grantEncryptDecrypt(fn);
  for (const calls of ['GenerateDataKey', 'ReEncrypt']) {
    const reason = `kms:${calls} and its variants on the one data key: what encrypting with it takes.`;
    Validations.of(fn.ownRole).acknowledge({ id: `AwsSolutions-IAM5[Action::kms:${calls}*]`, reason });
  }
}

/** By the role alone: `grantRead` names the role in the data key's policy, which would then wait for the nested stack that the role is in. */
function readingSecret(fn: ControlFunction, { key }: Resources, secret: ISecret) {
  allow(fn, ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], [secret.secretArn]);
  key.grantDecrypt(fn);
}

/** As the one address of the deployment: which identity that belongs to, its domain or itself, is a matter of how SES was set up. */
function sendingMail(fn: ControlFunction, { mailFrom }: Grantable) {
  const arn = Stack.of(fn).formatArn({ service: 'ses', resource: 'identity', resourceName: '*' });
  fn.addToRolePolicy(
    new PolicyStatement({
      actions: ['ses:SendEmail'],
      resources: [arn],
      conditions: { StringEquals: { 'ses:FromAddress': mailFrom } },
    }),
  );
  acknowledgeWildcard(fn.ownRole, arn, 'Any identity of this account, but as the one address of MailFrom alone.');
}

/** Allowed on everything below a prefix of evidence: keys are made of dates and runs. */
function onEvidence(fn: ControlFunction, { evidence }: Resources, prefix: string, actions: readonly string[]) {
  const arn = evidence.arnForObjects(`${prefix}/*`);
  allow(fn, actions, [arn]);
  acknowledgeWildcard(
    fn.ownRole,
    arn,
    `Evidence is found by date and run: everything below ${prefix}/ and nothing else.`,
  );
}

/**
 * What a Lambda may be allowed to do, in the words of the ports it uses. Each word is the least that its adapter needs:
 * the ledger is only ever added to, a lock or a key is never in the same hands as a question.
 */
export const accesses = {
  readState: (fn, all) => onTable(fn, all, all.control.tableArn, ['GetItem']),
  readStateInBulk: (fn, all) => onTable(fn, all, all.control.tableArn, ['BatchGetItem']),
  listState: (fn, all) => onTable(fn, all, `${all.control.tableArn}/index/list`, ['Query']),
  writeState: (fn, all) => onTable(fn, all, all.control.tableArn, ['PutItem', 'UpdateItem']),
  countRefusals: (fn, all) => onRefusals(fn, all, 'UpdateItem'),
  removeRefusals: (fn, all) => onRefusals(fn, all, 'DeleteItem'),
  appendLedger: (fn, all) => onTable(fn, all, all.ledger.tableArn, ['PutItem']),
  readLedger: (fn, all) => onTable(fn, all, all.ledger.tableArn, ['GetItem', 'Query']),
  readEvidence: (fn, all) => {
    for (const prefix of ['reports', 'configs']) onEvidence(fn, all, prefix, ['s3:GetObject']);
    allow(fn, ['s3:ListBucket'], [all.evidence.bucketArn]); // or a document that is missing reads as forbidden
    all.key.grantDecrypt(fn);
  },
  writeEvidence: (fn, all) => {
    onEvidence(fn, all, 'reports/live', ['s3:PutObject', 's3:GetObject']); // reads what is there when the key exists
    encrypting(fn, all.key);
  },
  readPortfolio: (fn, all) => {
    onEvidence(fn, all, 'portfolio', ['s3:GetObject']);
    allow(fn, ['s3:ListBucket'], [all.evidence.bucketArn]); // or targets that are missing read as forbidden
    all.key.grantDecrypt(fn);
  },
  fileDigests: (fn, all) => {
    onEvidence(fn, all, 'reports/digests', ['s3:PutObject', 's3:GetObject']); // reads what is there when the key exists
    encrypting(fn, all.key);
  },
  fileIncidents: (fn, all) => {
    onEvidence(fn, all, 'reports/incidents', ['s3:PutObject', 's3:GetObject']); // looks which version is free
    encrypting(fn, all.key);
  },
  publishManifests: (fn, all) => {
    onEvidence(fn, all, 'reports/change_manifest', ['s3:PutObject', 's3:GetObject']); // writes over what it has read
    encrypting(fn, all.key);
  },
  writeRiskLimits: (fn, all) => {
    onEvidence(fn, all, 'configs/risk', ['s3:PutObject']);
    encrypting(fn, all.key);
  },
  fileKillEvents: (fn, all) => {
    onEvidence(fn, all, 'observability/audit/kill_events', ['s3:PutObject', 's3:GetObject']);
    encrypting(fn, all.key);
  },
  readKillEvents: (fn, all) => onEvidence(fn, all, 'observability/audit/kill_events', ['s3:GetObject']),
  spoolKills: (fn, all) => {
    onEvidence(fn, all, 'spool', ['s3:PutObject', 's3:GetObject']); // looks which number is free
    encrypting(fn, all.key);
  },
  readSpool: (fn, all) => {
    onEvidence(fn, all, 'spool', ['s3:GetObject']);
    allow(fn, ['s3:ListBucket'], [all.evidence.bucketArn]); // or a spool that is empty reads as forbidden
    all.key.grantDecrypt(fn);
  },
  shipDeviceKeys: (fn, all) => {
    onEvidence(fn, all, 'device-keys', ['s3:PutObject']);
    encrypting(fn, all.key);
  },
  readDeviceKeys: (fn, all) => {
    onEvidence(fn, all, 'device-keys', ['s3:GetObject']);
    all.key.grantDecrypt(fn);
  },
  readFlag: (fn, all) => onFlags(fn, all, ['StartConfigurationSession', 'GetLatestConfiguration']),
  writeFlag: (fn, all) => {
    onFlags(fn, all, ['ListHostedConfigurationVersions', 'CreateHostedConfigurationVersion']);
    onFlags(fn, all, ['ListDeployments', 'GetDeployment', 'StopDeployment', 'StartDeployment']);
    allow(fn, ['appconfig:StartDeployment'], [deploymentStrategyArn(all)]);
  },
  startLaunch: (fn) => allow(fn, ['states:StartExecution'], [machineArn(fn, 'launch')]),
  startStop: (fn) => allow(fn, ['states:StartExecution'], [machineArn(fn, 'stop')]),
  startKill: (fn) => allow(fn, ['states:StartExecution'], [machineArn(fn, 'kill')]),
  startResume: (fn) => allow(fn, ['states:StartExecution'], [machineArn(fn, 'resume')]),
  startRecovery: (fn) => allow(fn, ['states:StartExecution'], [machineArn(fn, 'recover')]),
  startValidate: (fn) => allow(fn, ['states:StartExecution'], [machineArn(fn, 'validate')]),
  startReview: (fn) => allow(fn, ['states:StartExecution'], [machineArn(fn, 'review')]),
  startSafeMode: (fn) => allow(fn, ['states:StartExecution'], [machineArn(fn, 'safe-mode')]),
  startVenueInstability: (fn) => allow(fn, ['states:StartExecution'], [machineArn(fn, 'venue-instability')]),
  readHistory: (fn) => {
    for (const arn of machines.map((machine) => executionArns(fn, machine))) {
      allow(fn, ['states:GetExecutionHistory'], [arn]);
      acknowledgeWildcard(fn.ownRole, arn, 'Executions get their names when they start; those of this one machine.');
    }
  },
  answerTasks: (fn) =>
    allow(
      fn,
      ['states:SendTaskSuccess', 'states:SendTaskFailure'],
      machines.map((machine) => machineArn(fn, machine)),
    ),
  askForPlans: (fn, { planner }) => allow(fn, ['lambda:InvokeFunction'], [planner.functionArn]),
  publish: (fn, { bus }) => void bus.grantPutEventsTo(fn),
  commandEngines: (fn, { commandKey }) => void commandKey.grant(fn, 'kms:Sign'),
  signGovernance: (fn, { governanceKey }) => allow(fn, ['kms:Sign'], [governanceKey.keyArn]),
  readGovernanceKey: (fn, { governanceKey }) => allow(fn, ['kms:GetPublicKey'], [governanceKey.keyArn]),
  signCheckpoints: (fn, { checkpointKeys }) =>
    allow(
      fn,
      ['kms:Sign'],
      checkpointKeys.keys.map(({ keyArn }) => keyArn),
    ),
  readCheckpointKeys: (fn, { checkpointKeys }) =>
    allow(
      fn,
      ['kms:GetPublicKey'],
      checkpointKeys.keys.map(({ keyArn }) => keyArn),
    ),
  archiveLedger: (fn, all) => {
    onEvidence(fn, all, 'ledger', ['s3:PutObject', 's3:GetObject']); // reads what is there when the key exists
    encrypting(fn, all.key);
  },
  readLedgerArchive: (fn, all) => {
    onEvidence(fn, all, 'ledger', ['s3:GetObject']);
    allow(fn, ['s3:ListBucket'], [all.evidence.bucketArn]); // or an object that is missing reads as forbidden
    all.key.grantDecrypt(fn);
  },
  keepLedgerAlarms: (fn, all) => {
    onEvidence(fn, all, 'ledger-alarms', ['s3:PutObject', 's3:GetObject']);
    encrypting(fn, all.key);
  },
  haltEngines: (fn, all) => readingSecret(fn, all, all.killKey),
  askVenues: (fn, all) => readingSecret(fn, all, all.venueCredentials),
  readGithubToken: (fn, all) => readingSecret(fn, all, all.githubToken),
  readChannelSecrets: (fn, all) => readingSecret(fn, all, all.channelSecrets),
  sendMail: sendingMail,
  createKillKey: (fn, { killKey }) => {
    killKey.grantRead(fn);
    killKey.grantWrite(fn);
  },
} satisfies Record<string, (fn: ControlFunction, resources: Grantable) => void>;

export type Access = keyof typeof accesses;

/** Grants each access. */
export function grantAccess(fn: ControlFunction, resources: Grantable, granted: readonly Access[]) {
  for (const access of granted) accesses[access](fn, resources);
}
