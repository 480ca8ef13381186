import { Duration, NestedStack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { type Alarms, alarmPeriod } from './alarms.ts';
import { ControlFunction } from './control-function.ts';
import type { LambdaCode } from './lambda-code.ts';

type Service = {
  readonly description: string;
  readonly impact: string;
  readonly timeoutSeconds: number;
  readonly memory?: number;
  readonly reserved?: number;
  /** Its events wait where too many come at once, and nobody waits for it: no alarm. */
  readonly isPatient?: boolean;
  /** In the stack of what watches, since a stack holds 500 resources. */
  readonly watches?: true;
};

/**
 * The Lambdas that no state machine names. `reserved` keeps that many executions free for a function and holds it to them, so
 * that both kills, lease, command, sign, query and ledger cannot starve one another, and courier and watchdog none of them: 208 together, beside the 100 that Lambda leaves for the rest.
 */
const services = {
  'api/kill': {
    description: 'Runbook 5.1.1: latches the strategy and halts its engines, then starts the kill machine',
    impact:
      'A kill was not acknowledged: call the desk, and halt the engines at their own console. Their leases end within 5 seconds of the last renewal',
    timeoutSeconds: 10,
    memory: 1024,
    reserved: 40,
  },
  'api/device-kill': {
    description: 'Runbook 5.1.1 without a login: the same kill, signed by the key of a device or a button',
    impact:
      'A kill by a device was not acknowledged: kill with a login, or straight at the engines (kill --direct). Their leases end within 5 seconds of the last renewal',
    timeoutSeconds: 10,
    memory: 1024,
    reserved: 20,
  },
  'api/command': {
    description: 'Stops, settlements, incidents and drills: authorises, decides, records, starts the machine',
    impact: 'A stop, settlement, incident or drill was not accepted',
    timeoutSeconds: 25,
    reserved: 20,
  },
  'api/launch': {
    description: 'Everything before trading: plans, launches, and what they stand on',
    impact: 'A plan or a launch was not accepted: nothing new trades',
    timeoutSeconds: 28,
    memory: 1024,
  },
  'api/guardrails': {
    description: 'What holds launches within bounds: risk limits, freezes, overrides of soft no-goes',
    impact: 'Limits could not be changed, launches not frozen: ask the desk to launch nothing',
    timeoutSeconds: 15,
  },
  'api/recovery': {
    description:
      'The way back from a kill: files post-mortems and corrective actions, records recoveries, starts the machine',
    impact: 'A post-mortem or a recovery was not accepted: what is killed stays killed',
    timeoutSeconds: 25,
  },
  'api/review': {
    description: 'After a run: archives, reviews, checklists computed from evidence, attestations',
    impact: 'Archives, reviews or checklists could not be read or answered: what happened is recorded all the same',
    timeoutSeconds: 28,
    memory: 1024,
  },
  'api/monitor': {
    description:
      'Beside a strategy that trades: monitors, alerts, drift reviews, incidents, and lifting what holds it back',
    impact: 'Monitors, alerts or incidents could not be shown or answered: what watches goes on watching',
    timeoutSeconds: 25,
    watches: true,
  },
  'api/sign': {
    description: 'Signatures of people: answers to questions, signing sessions, and the authenticators they sign with',
    impact: 'A signature was not accepted: launches, kill confirmations and recoveries wait for theirs',
    timeoutSeconds: 15,
    reserved: 10,
  },
  'api/page': {
    description: 'The page that people sign on: the same for everybody, served by a function that may do nothing',
    impact: 'The signing page was not served: whoever has an authenticator of their own cannot sign',
    timeoutSeconds: 5,
    memory: 256,
  },
  'api/query': {
    description: 'Everything that people read but the ledgers, and the description of the API',
    impact: 'Strategies, runs or approvals could not be shown: operators may be blind',
    timeoutSeconds: 10,
    reserved: 50,
  },
  'api/ledger': {
    description: 'Reads the ledgers: entries, searches',
    impact: 'Ledgers could not be read: auditors must wait. What happens goes on being recorded',
    timeoutSeconds: 20,
    reserved: 10,
  },
  'api/lease': {
    description: 'Architecture 7: renews the leases of engines',
    impact: 'A lease was not renewed: after 5 seconds without one an engine cancels its orders and goes SAFE',
    timeoutSeconds: 4,
    memory: 256,
    reserved: 50,
  },
  'operations/register-strategies': {
    description: 'At deployment: registers the strategies of config/strategies.yaml, and seeds their flags as off',
    impact: 'Strategies were not registered: the deployment was rolled back',
    timeoutSeconds: 300,
  },
  'operations/create-signing-key': {
    description: 'At deployment: makes the key that can only halt engines, once',
    impact: 'The kill key was not made: the deployment was rolled back',
    timeoutSeconds: 60,
  },
  'operations/follow-execution': {
    description: 'Keeps the list of runs true, restarts a failed kill, compensates an aborted launch',
    impact:
      'The end of a run was not taken in: a failed kill may not have been restarted, an aborted launch not compensated',
    timeoutSeconds: 60,
  },
  'operations/draft-plan': {
    description: 'Plan before act: what a launch would do and what every gate says to it, for the entrances of people',
    impact: 'A plan could not be drafted: no launch can be shown, asked for with a plan, or confirmed',
    timeoutSeconds: 20,
    memory: 1024,
  },
  'operations/checkpoint': {
    description: 'Architecture 4: signs the logs, and writes entries, tiles and checkpoints to the evidence bucket',
    impact: 'A log could not be signed: what was appended to it since is not proved yet',
    timeoutSeconds: 120,
    memory: 1024,
  },
  'operations/record-strategy-change': {
    description: 'Runbook 2.3: takes confirmed changes off the bus, verifies their signature, and records them',
    impact: 'A confirmed change of a strategy was not recorded: its launch will not be a go',
    timeoutSeconds: 15,
    memory: 256,
  },
  'operations/send-messages': {
    description: 'Runbook 6: the courier takes messages to their channels, tries again, and escalates',
    impact: 'Messages are late or were not sent: look at comms ls, and tell the desk what it does not know',
    timeoutSeconds: 60,
    reserved: 5,
    isPatient: true,
  },
  'operations/watch-ledger': {
    description: 'Architecture 4: raises the alarm when an entry of the ledger is changed or removed',
    impact: 'A change of the ledger may go unnoticed until somebody verifies it',
    timeoutSeconds: 30,
    memory: 256,
  },
  'operations/watchdog': {
    description:
      'Runbook 3: looks at every strategy each second, and makes trading safer by itself where a rule says so',
    impact:
      'Nobody watches: heartbeats, latency and limits are judged by no rule. Engines still lose their leases when they fall silent',
    timeoutSeconds: 150,
    reserved: 3,
    isPatient: true,
    watches: true,
  },
  'operations/health-tick': {
    description:
      'Each minute: takes in spooled kills, starts machines that are missing, seals refused attempts, voids approvals whose plan has changed, notes the time',
    impact:
      'The control plane does not watch its own health: a kill whose machine could not be started stays without it',
    timeoutSeconds: 50,
  },
} as const satisfies Readonly<Record<string, Service>>;

export type ServiceName = keyof typeof services;
type ServiceFunctionsProps = {
  readonly lambdaCode: LambdaCode;
  readonly environment: Readonly<Record<string, string>>;
  readonly alarms: Alarms;
};

const pascal = (name: string) => name.replace(/(?:^|[-/])(.)/g, (_, letter: string) => letter.toUpperCase());

/** One function for each service, with an alarm on its errors and one on its refused invocations. */
export class ServiceFunctions extends Construct {
  /** The stack of what watches: alarms and schedules of it stand there too. */
  readonly monitoring: NestedStack;
  readonly all: Readonly<Record<ServiceName, ControlFunction>>;

  constructor(scope: Construct, id: string, { lambdaCode, environment, alarms }: ServiceFunctionsProps) {
    super(scope, id);
    const monitoring = new NestedStack(this, 'Monitoring', {
      description: 'TradePulse: what watches strategies that trade',
    });
    this.monitoring = monitoring;
    const make = (name: ServiceName) => {
      const { timeoutSeconds, impact, isPatient = false, watches, ...service }: Service = services[name];
      const place = watches ? monitoring : this;
      const fn = new ControlFunction(place, pascal(name), {
        name,
        lambdaCode,
        environment,
        timeout: Duration.seconds(timeoutSeconds),
        ...service,
      });
      alarms.on(place, `${pascal(name)}Failed`, {
        metric: fn.metricErrors({ period: alarmPeriod }),
        impact: `${impact}.`,
      });
      if (!isPatient)
        alarms.on(place, `${pascal(name)}Throttled`, {
          metric: fn.metricThrottles({ period: alarmPeriod }),
          impact: `${impact} (too many at once).`,
        });
      return fn;
    };
    this.all = {
      'api/kill': make('api/kill'),
      'api/device-kill': make('api/device-kill'),
      'api/command': make('api/command'),
      'api/launch': make('api/launch'),
      'api/guardrails': make('api/guardrails'),
      'api/recovery': make('api/recovery'),
      'api/review': make('api/review'),
      'api/monitor': make('api/monitor'),
      'api/sign': make('api/sign'),
      'api/page': make('api/page'),
      'api/query': make('api/query'),
      'api/ledger': make('api/ledger'),
      'api/lease': make('api/lease'),
      'operations/register-strategies': make('operations/register-strategies'),
      'operations/create-signing-key': make('operations/create-signing-key'),
      'operations/follow-execution': make('operations/follow-execution'),
      'operations/draft-plan': make('operations/draft-plan'),
      'operations/checkpoint': make('operations/checkpoint'),
      'operations/record-strategy-change': make('operations/record-strategy-change'),
      'operations/send-messages': make('operations/send-messages'),
      'operations/watch-ledger': make('operations/watch-ledger'),
      'operations/watchdog': make('operations/watchdog'),
      'operations/health-tick': make('operations/health-tick'),
    };
    const planner = this.all['operations/draft-plan'].functionName;
    for (const name of ['api/query', 'api/sign', 'api/launch'] as const)
      this.all[name].addEnvironment('PLAN_FUNCTION', planner);
  }
}
