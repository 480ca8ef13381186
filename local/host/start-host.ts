import { join, resolve } from 'node:path';
import type { DemoUser } from '../identity/demo-user.ts';
import { demoUsers } from '../identity/demo-users.ts';
import { startScheduler } from '../schedule/start-scheduler.ts';
import { trustedDemoKeys } from '../seed/demo-keys.ts';
import { openStack, type Stack } from '../template/open-stack.ts';
import { schedules } from '../template/schedules.ts';
import { commandPublicKey } from './command-public-key.ts';
import { deployTemplate } from './deploy-template.ts';
import {
  account,
  type HostOptions,
  MAIL_FROM,
  messageHosts,
  RELYING_PARTY,
  region,
  signingOrigin,
  stackName,
} from './host-options.ts';
import { type SimulationPorts, simulationPorts } from './host-ports.ts';
import type { Endpoints } from './lambda-environment.ts';
import { writeLocalFile, writeSimulationFile } from './local-files.ts';
import { registeredEngines } from './registered-engines.ts';
import { resultOf } from './result-of.ts';
import { type Foundations, startFoundations } from './start-foundations.ts';
import { type Services, startServices } from './start-services.ts';
import { type Simulation, startSimulation } from './start-simulation.ts';
import { type StrategyMode, strategyModes } from './strategy-modes.ts';
import { type UndoList, undoList } from './undo-list.ts';

export type Host = {
  readonly url: string;
  readonly dataPath: string;
  readonly endpoints: Endpoints;
  readonly strategies: readonly string[];
  readonly demoUsers: readonly DemoUser[];
  /** Every strategy with its mode, from the control table. */
  modes(): Promise<StrategyMode[]>;
  /** Ends everything in the opposite order of starting: the engine first, so that it can still cancel what rests. */
  stop(): Promise<void>;
};

/** The whole control plane on this machine, from the synthesized template, in this process (DynamoDB, engine and venues are children). */
export async function startHost(options: HostOptions): Promise<Host> {
  const undo = undoList();
  try {
    return await start(options, undo);
  } catch (fault) {
    await undo.run((what) => options.onProblem?.(what));
    throw fault;
  }
}

async function start(options: HostOptions, undo: UndoList): Promise<Host> {
  const foundations = await startFoundations(options, undo);
  const { dataPath, door, installation, dynamo, problem } = foundations;
  const ports = await simulationPorts(options.port);
  const stack = await openTemplate(options, ports, foundations);
  const services = await startServices(stack, foundations, undo);
  const { endpoints, lambda, identity } = services;
  const simulation = await deployAndSimulate(stack, services, { options, foundations, ports });
  if (simulation) undo.add('the simulation', simulation.stop);
  // only now: an execution that goes on after a restart would find no engine, and a launch takes that for a no
  foundations.stepFunctions.connect({ lambdaEndpoint: endpoints.lambda, eventBridgeEndpoint: endpoints.eventbridge });
  const registrations = registeredEngines(stack);
  const { issuer } = stack.place;
  await writeLocalFile(dataPath, { url: door.url, issuer, stack, installation, endpoints, registrations });
  await writeSimulationFile(dataPath, simulation, `${door.url}/sinks`);
  const scheduler = startScheduler({
    schedules: schedules(stack),
    invoke: (name, event) => lambda.invoke(name, event),
    now: foundations.now,
    region,
    account,
    onFault: problem,
    atOnce: stack.output('WatchdogFunction'), // nothing trades unwatched for the first minute
  });
  undo.add('the schedules', scheduler.stop);
  return {
    url: door.url,
    dataPath,
    endpoints,
    strategies: registrations.map(({ id }) => id),
    demoUsers: identity.demoUsers,
    modes: () => strategyModes(dynamo.url, stack.output('ControlTable'), installation.accessKeyId),
    stop: () => undo.run(problem),
  };
}

const openTemplate = async (
  { root, template }: HostOptions,
  ports: SimulationPorts,
  { dataPath, door, installation }: Foundations,
): Promise<Stack> =>
  openStack({
    folder: resolve(template ?? join(root, 'cdk.out')),
    stackName,
    region,
    account,
    issuer: `${door.url}/oidc`,
    parameters: {
      EngineBaseUrl: `http://127.0.0.1:${ports.engine}`,
      VenueBaseUrl: `http://127.0.0.1:${ports.venue}`,
      TrustedManifestKeys: trustedDemoKeys(installation, await demoUsers(dataPath)),
      SigningOrigin: signingOrigin(door.port),
      RelyingPartyId: RELYING_PARTY,
      MessageHosts: messageHosts(door.port),
      MailFrom: MAIL_FROM,
    },
  });

type Given = { readonly options: HostOptions; readonly foundations: Foundations; readonly ports: SimulationPorts };

/** What takes long, at the same time: the deployment, the programs beside us, and the code that the first kill must not wait for. */
async function deployAndSimulate(stack: Stack, services: Services, given: Given): Promise<Simulation | undefined> {
  const deployed = deployTemplate(stack, services, given.foundations);
  const [deployment, simulation] = await Promise.allSettled([
    deployed,
    given.options.simulate === false ? undefined : simulate(stack, services, given, deployed),
    services.lambda.warm(),
  ]);
  resultOf(deployment);
  return resultOf(simulation);
}

async function simulate(
  stack: Stack,
  { aws }: Services,
  { options, foundations, ports }: Given,
  deployed: Promise<void>,
): Promise<Simulation> {
  const { dataPath, door, installation, problem } = foundations;
  return startSimulation({
    root: options.root,
    dataPath,
    url: door.url,
    issuer: stack.place.issuer,
    installation,
    registrations: registeredEngines(stack),
    keys: deployed.then(async () => ({
      command: await commandPublicKey(aws.kms, stack.output('CommandKeyId')),
      kill: stack.output('KillPublicKey'),
    })),
    ports,
    onExit: problem,
  });
}
