import { join } from 'node:path';
import { createLambdaHost, type LambdaHost } from '../lambda/lambda-host.ts';
import { eventRules } from '../template/event-rules.ts';
import { httpRoutes } from '../template/http-routes.ts';
import { lambdaFunctions } from '../template/lambda-functions.ts';
import type { Stack } from '../template/open-stack.ts';
import { restRoutes } from '../template/rest-routes.ts';
import type { AwsServices } from './aws-services.ts';
import type { HostLog } from './host-log.ts';

/** What bundles compile to is kept beside the code, for every host that runs it. */
const COMPILED = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'compiled');

/** The functions of the template. Those that AWS keeps executions free for (kill, lease, command, query, courier) stay warm here. */
export function startFunctions(
  stack: Stack,
  environment: Readonly<Record<string, string>>,
  { log }: { readonly log: HostLog },
): LambdaHost {
  const functions = lambdaFunctions(stack);
  const routed = [...restRoutes(stack), ...httpRoutes(stack)].map(({ functionName }) => functionName);
  const reserved = functions.flatMap(({ name, reserved = 0 }) => (reserved > 0 ? [name] : []));
  return createLambdaHost({
    functions,
    environment,
    kept: Object.fromEntries(functions.map(({ name, reserved = 0 }) => [name, keptFor(reserved)])),
    entrances: new Set(routed.filter((name) => reserved.includes(name))),
    watchers: new Set([stack.output('WatchdogFunction')]),
    compileCache: COMPILED,
    onLine: (name, line) => log('lambda', `${name} ${line}`),
  });
}

/** A second one where AWS keeps many: the kill of one strategy does not wait for that of another, whose store or engine is slow. */
function keptFor(reserved: number): number {
  if (reserved >= 40) return 2;
  return reserved > 0 ? 1 : 0;
}

/** Has events call the functions of the template's rules; a call that fails is repeated until it does not, also after a restart. */
export function connectRules(stack: Stack, { eventBridge }: AwsServices, lambda: LambdaHost): void {
  eventBridge.registerRules(
    eventRules(stack).map(({ targets, ...rule }) => ({
      ...rule,
      targets: targets.map(({ id, functionName }) => ({
        id,
        async invoke(event) {
          const { failed, payload } = await lambda.invoke(functionName, JSON.stringify(event));
          if (failed) throw new Error(`${functionName} failed: ${payload}`);
        },
      })),
    })),
  );
}
