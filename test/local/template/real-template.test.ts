import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { registeredEngines } from '../../../local/host/registered-engines.ts';
import { parseSchedule } from '../../../local/schedule/parse-schedule.ts';
import { appConfigResources } from '../../../local/template/appconfig-resources.ts';
import { customResources } from '../../../local/template/custom-resources.ts';
import { eventRules } from '../../../local/template/event-rules.ts';
import { httpRoutes } from '../../../local/template/http-routes.ts';
import { lambdaFunctions } from '../../../local/template/lambda-functions.ts';
import { openStack } from '../../../local/template/open-stack.ts';
import { restRoutes } from '../../../local/template/rest-routes.ts';
import { schedules } from '../../../local/template/schedules.ts';
import { stateMachines } from '../../../local/template/state-machines.ts';
import { place } from './written-stack.ts';

const root = join(import.meta.dirname, '../../..');

/** Over what `npm run synth` last made of lib/: the same file that a deployment sends to AWS. */
describe('the synthesized template', () => {
  const stack = openStack({
    ...{ folder: join(root, 'cdk.out'), stackName: 'TradePulse', ...place },
    parameters: {
      EngineBaseUrl: 'http://127.0.0.1:4511',
      VenueBaseUrl: 'http://127.0.0.1:4512',
      TrustedManifestKeys: `${'A'.repeat(59)}==somebody`,
    },
  });
  const functions = new Set(lambdaFunctions(stack).map(({ name }) => name));

  it('has a bundle for every function, and leaves nothing unresolved in their environment', () => {
    for (const { name, codePath, handler, environment } of lambdaFunctions(stack)) {
      assert.ok(existsSync(join(codePath, `${handler.split('.')[0]}.cjs`)), `${name} has no bundle in ${codePath}`);
      assert.doesNotMatch(JSON.stringify(environment), /\$\{|Fn::|"Ref"/, name);
    }
  });

  it('leads every route, rule, schedule and custom resource to one of them', () => {
    const routes = [...restRoutes(stack), ...httpRoutes(stack)];
    const called = [
      ...routes.map(({ functionName }) => functionName),
      ...eventRules(stack).flatMap(({ targets }) => targets.map(({ functionName }) => functionName)),
      ...schedules(stack).map(({ functionName }) => functionName),
      ...customResources(stack).map(({ functionName }) => functionName),
    ];

    assert.ok(routes.length > 10);
    assert.deepEqual(
      called.filter((name) => !functions.has(name)),
      [],
    );
    assert.equal(new Set(routes.map(({ method, path }) => `${method} ${path}`)).size, routes.length);
    for (const { path } of routes) assert.match(path, /^\/([\w.{}+-]+(\/[\w.{}+-]+)*)?$/);
  });

  it('fills every placeholder of its machines with a function, and has no substitution that none of them uses', () => {
    const Machine = z.object({
      StateMachineName: z.string(),
      DefinitionS3Location: z.object({ Key: z.string() }),
      DefinitionSubstitutions: z.record(z.string(), z.unknown()),
    });
    for (const { properties } of stack.list('AWS::StepFunctions::StateMachine', Machine)) {
      const asl = readFileSync(stack.assetPath(properties.DefinitionS3Location.Key), 'utf8');
      const placeholders = new Set(Array.from(asl.matchAll(/\$\{(\w+)\}/g), ([, name]) => name));
      assert.deepEqual(
        Object.keys(properties.DefinitionSubstitutions).toSorted(),
        [...placeholders].toSorted(),
        properties.StateMachineName,
      );
    }
    for (const { definition } of stateMachines(stack)) {
      const invoked = Array.from(
        definition.matchAll(/arn:aws:lambda:[^:"]+:\d+:function:(\w+)/g),
        ([, name]) => name ?? '',
      );
      assert.ok(invoked.length > 0);
      assert.deepEqual(
        invoked.filter((name) => !functions.has(name)),
        [],
      );
    }
  });

  it('has schedules that can be read, a flag for every strategy, and an engine for each', () => {
    for (const { expression, timeZone } of schedules(stack))
      assert.ok(parseSchedule(expression, timeZone, new Date())(new Date()));
    const strategies = registeredEngines(stack);
    assert.ok(strategies.length > 0);
    assert.equal(appConfigResources(stack).profiles.length, strategies.length);
    for (const { engines, venues, primaryVenue } of strategies) {
      assert.ok(engines.every(({ controlUrl }) => controlUrl.startsWith('http://127.0.0.1:4511/')));
      assert.ok(venues.some(({ id, url }) => id === primaryVenue && url.startsWith('http://127.0.0.1:4512/')));
    }
  });
});
