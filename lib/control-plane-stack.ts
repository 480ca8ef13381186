import { CfnOutput, CustomResource, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { grantAccess } from './access.ts';
import { Alarms } from './alarms.ts';
import type { CalendarConfig } from './calendars-config.ts';
import type { MatrixConfig } from './communications-config.ts';
import type { ControlFunction } from './control-function.ts';
import { Courier } from './courier.ts';
import { dataKey } from './data-key.ts';
import { EngineApi } from './engine-api.ts';
import { Governance } from './governance.ts';
import { HealthAlarms } from './health-alarms.ts';
import { HealthTick } from './health-tick.ts';
import { accessOf } from './lambda-access.ts';
import type { LambdaCode } from './lambda-code.ts';
import { LedgerGuard } from './ledger-guard.ts';
import { type DashboardConfig, LiveDashboard } from './live-dashboard.ts';
import type { ManifestKeyConfig } from './manifest-keys-config.ts';
import type { MonitorsConfig } from './monitors-config.ts';
import { OperatorApi } from './operator-api.ts';
import { Operators } from './operators.ts';
import { parameters } from './parameters.ts';
import { Registry } from './registry.ts';
import { environmentOf, type Resources, resources } from './resources.ts';
import { RunFollower } from './run-follower.ts';
import { machineArns, runbookWorkflows } from './runbook-workflows.ts';
import { ServiceFunctions, type ServiceName } from './service-functions.ts';
import type { Stage } from './stage.ts';
import type { StrategyConfig } from './strategies-config.ts';
import { Watchdog } from './watchdog.ts';
import type { Workflow } from './workflow.ts';

type ControlPlaneProps = StackProps & {
  readonly stage: Stage;
  readonly strategies: readonly StrategyConfig[];
  readonly calendars: readonly CalendarConfig[];
  readonly manifestKeys: readonly ManifestKeyConfig[];
  readonly dashboard: DashboardConfig;
  readonly communications: MatrixConfig;
  readonly monitors: MonitorsConfig;
  readonly lambdaCode: LambdaCode;
  /** How many checkpoint keys there have been: one more changes the key (docs/deploy.md). */
  readonly checkpointKeyCount: number;
};
type Services = Readonly<Record<ServiceName, ControlFunction>>;
type Watched = {
  readonly all: Resources;
  readonly services: Services;
  readonly workflows: readonly Workflow[];
  readonly alarms: Alarms;
};

/** The whole product in one stack: the very template that AWS deploys and the local host reads. */
export class ControlPlaneStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    {
      stage,
      strategies,
      calendars,
      manifestKeys,
      dashboard,
      communications,
      monitors,
      lambdaCode,
      checkpointKeyCount,
      ...props
    }: ControlPlaneProps,
  ) {
    super(scope, id, { description: 'TradePulse Control Plane', ...props });
    const parameter = parameters(this);
    const key = dataKey(this);
    const alarms = new Alarms(this, 'Alarms', { key });
    const operators = new Operators(this, 'Operators', { stage });
    const all = resources(this, { key, stage, strategies, checkpointKeyCount });

    const environment = environmentOf(all, operators, parameter);
    const workflows = runbookWorkflows(this, { environment, lambdaCode, alarms });
    const serviceFunctions = new ServiceFunctions(this, 'Services', {
      lambdaCode,
      alarms,
      environment: { ...environment, ...machineArns(workflows) },
    });
    const services = serviceFunctions.all;
    const steps = Object.values(workflows).flatMap((workflow) => [...workflow.steps.values()]);
    const planner = services['operations/draft-plan'];
    for (const fn of [...steps, ...Object.values(services)])
      grantAccess(fn, { ...all, planner, mailFrom: parameter.MailFrom.valueAsString }, accessOf(fn.lambdaName));

    this.#watch({ all, services, workflows: Object.values(workflows), alarms });
    new HealthAlarms(serviceFunctions.monitoring, 'HealthAlarms', { alarms });
    new Watchdog(serviceFunctions.monitoring, 'Watchdog', { watch: services['operations/watchdog'], alarms });
    new LiveDashboard(this, 'LiveDashboard', dashboard);
    const operatorApi = new OperatorApi(this, 'OperatorApi', { pool: operators.pool, functions: services });
    const instanceIds = strategies.flatMap(({ engines }) => engines.map(({ instanceId }) => instanceId));
    const engineApi = new EngineApi(this, 'EngineApi', {
      pool: operators.pool,
      instanceIds,
      lease: services['api/lease'],
    });
    const register = services['operations/register-strategies'];
    const configured = { strategies, calendars, manifestKeys, live: dashboard.live, communications, monitors };
    const registry = new Registry(this, 'Registry', {
      ...configured,
      flags: all.flags,
      engineApi,
      bases: parameter,
      register,
    });
    this.#output({
      OperatorApiUrl: operatorApi.api.url,
      EngineApiUrl: engineApi.api.apiEndpoint,
      SignInUrl: operators.signInUrl,
      Issuer: operators.pool.userPoolProviderUrl,
      UserPoolId: operators.pool.userPoolId,
      OperatorClientId: operators.client.userPoolClientId,
      AlarmTopic: alarms.topic.topicArn,
      WatchdogFunction: services['operations/watchdog'].functionName,
      KillPublicKey: this.#killKeyPair(all, services),
      GovernancePublicKey: registry.governancePublicKey,
      ...namesOf(all),
    });
  }

  /** What follows events and the clock. */
  #watch({ all, services, workflows, alarms }: Watched) {
    new RunFollower(this, 'RunFollower', {
      workflows,
      follow: services['operations/follow-execution'],
      alarms,
    });
    all.checkpointKeys.signedBy(services['operations/checkpoint']);
    new LedgerGuard(this, 'LedgerGuard', {
      ledger: all.ledger,
      bus: all.bus,
      workflows,
      checkpoint: services['operations/checkpoint'],
      watch: services['operations/watch-ledger'],
      alarms,
    });
    new Governance(this, 'Governance', { bus: all.bus, record: services['operations/record-strategy-change'], alarms });
    new Courier(this, 'Courier', { bus: all.bus, send: services['operations/send-messages'], alarms });
    new HealthTick(this, 'HealthTick', { tick: services['operations/health-tick'], alarms });
  }

  /** Makes the kill key once; the value is its public half, for the engines. */
  #killKeyPair({ killKey }: Resources, services: Services): string {
    const pair = new CustomResource(this, 'KillKeyPair', {
      resourceType: 'Custom::SigningKey',
      serviceToken: services['operations/create-signing-key'].functionArn,
      properties: { SecretArn: killKey.secretArn },
    });
    return pair.getAttString('PublicKey');
  }

  #output(values: Readonly<Record<string, string>>) {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}

const namesOf = ({
  control,
  ledger,
  evidence,
  venueCredentials,
  githubToken,
  channelSecrets,
  commandKey,
  governanceKey,
}: Resources) => ({
  ControlTable: control.tableName,
  LedgerTable: ledger.tableName,
  EvidenceBucket: evidence.bucketName,
  VenueCredentialsSecret: venueCredentials.secretArn,
  GithubTokenSecret: githubToken.secretArn,
  ChannelSecrets: channelSecrets.secretArn,
  CommandKeyId: commandKey.keyId,
  GovernanceKeyId: governanceKey.keyId,
});
