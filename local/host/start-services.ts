import { createTables } from '../dynamodb/create-tables.ts';
import { tableClient } from '../dynamodb/table-client.ts';
import { createGateway } from '../gateway/create-gateway.ts';
import { verifyAccessToken } from '../gateway/verify-access-token.ts';
import { createIdentity, type Identity } from '../identity/create-identity.ts';
import { invokeEndpoint } from '../lambda/invoke-endpoint.ts';
import type { LambdaHost } from '../lambda/lambda-host.ts';
import { gatewayProblems } from '../template/gateway-problems.ts';
import { httpRoutes } from '../template/http-routes.ts';
import type { Stack } from '../template/open-stack.ts';
import { restRoutes } from '../template/rest-routes.ts';
import { stateMachines } from '../template/state-machines.ts';
import { oauthClients, tables } from '../template/stores.ts';
import { type AwsServices, awsDispatcher, awsServices } from './aws-services.ts';
import { channelSinks } from './channel-sinks.ts';
import { type CustomResourceAnswers, customResourceAnswers } from './custom-resource-answers.ts';
import { frontDoor } from './front-door.ts';
import { account, region } from './host-options.ts';
import { type Endpoints, endpointsOf, lambdaEnvironment } from './lambda-environment.ts';
import { resultOf } from './result-of.ts';
import type { Foundations } from './start-foundations.ts';
import { connectRules, startFunctions } from './start-functions.ts';
import { engineClientSecret } from './start-simulation.ts';
import type { UndoList } from './undo-list.ts';

export type Services = {
  readonly aws: AwsServices;
  readonly identity: Identity;
  readonly lambda: LambdaHost;
  readonly answers: CustomResourceAnswers;
  readonly endpoints: Endpoints;
};

/** Starts everything the template declares, behind the one port. When this returns, every request is served; machines wait for `connect`. */
export async function startServices(stack: Stack, foundations: Foundations, undo: UndoList): Promise<Services> {
  const { dataPath, door, dynamo, stepFunctions, installation, now } = foundations;
  const [awsStart, identityStart, tablesMade] = await Promise.allSettled([
    awsServices(stack, dataPath, now),
    startIdentity(stack, foundations),
    createTables(tableClient({ url: dynamo.url, region, accessKeyId: installation.accessKeyId }), tables(stack)),
  ]);
  if (awsStart.status === 'fulfilled') undo.add('the AWS services', awsStart.value.close);
  if (identityStart.status === 'fulfilled') undo.add('the identity provider', identityStart.value.close);
  const [aws, identity] = [resultOf(awsStart), resultOf(identityStart)];
  resultOf(tablesMade);
  const endpoints = endpointsOf(door.url, dynamo.url, stepFunctions.url);
  const lambda = startFunctions(stack, lambdaEnvironment(endpoints, installation), foundations);
  undo.add('the functions', lambda.end);
  undo.add('the executions', stepFunctions.stop); // before the functions end: a step cut short is done again, not failed
  const answers = customResourceAnswers(door.url);
  openDoor(stack, { aws, identity, lambda, answers, endpoints }, foundations);

  await Promise.all(
    stateMachines(stack).map(({ name, definition }) => stepFunctions.putStateMachine(name, definition)),
  );
  connectRules(stack, aws, lambda);
  foundations.onStatusChange(async ({ resources, detail, ...event }) =>
    aws.eventBridge.publish({ ...event, resources: [...resources], detail: { ...detail } }),
  );
  return { aws, identity, lambda, answers, endpoints };
}

function startIdentity(stack: Stack, { dataPath, installation, now, problem }: Foundations): Promise<Identity> {
  return createIdentity({
    issuer: stack.place.issuer,
    dataPath,
    now,
    operatorClientId: stack.output('OperatorClientId'),
    engines: oauthClients(stack)
      .filter(({ flow }) => flow === 'client_credentials')
      .map(({ clientId }) => ({ clientId, clientSecret: engineClientSecret(installation, clientId) })),
    onFault: (fault) => problem(`identity provider: ${textOf(fault)}`),
  });
}

function openDoor(stack: Stack, { aws, identity, lambda, answers }: Services, foundations: Foundations): void {
  const { door, installation, now, log, problem } = foundations;
  const gateway = createGateway({
    routes: [...restRoutes(stack), ...httpRoutes(stack)],
    problems: gatewayProblems(stack),
    verify: verifyAccessToken(identity.jwks, now),
    invoke: lambda.invoke,
    now,
    account,
    onFault: (what) => log('host', what),
  });
  const channels = channelSinks(stack, foundations);
  const handlers = { ...aws.handlers, lambda: invokeEndpoint(lambda), sesv2: channels.ses };
  door.open(
    frontDoor({
      port: door.port,
      identity: identity.callback,
      aws: awsDispatcher(handlers, installation.accessKeyId),
      answers: answers.handle,
      sinks: channels.sinks,
      gateway: (request) => gateway.fetch(request),
      onFault: (fault) => problem(textOf(fault)),
    }),
  );
}

const textOf = (fault: unknown) => (fault instanceof Error ? (fault.stack ?? fault.message) : String(fault));
