import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { controlPlane } from '../../lib/control-plane.ts';
import { fromRoot } from '../../lib/from-root.ts';

type Resource = {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
};

/** The context of cdk.json, as the CDK command would give it. */
const { context } = JSON.parse(readFileSync(fromRoot('cdk.json'), 'utf8'));

/** An app with the stack in it, its Lambdas without code: bundling is not what these tests are about. */
export function unbundledApp(settings: Record<string, unknown> = {}) {
  const app = new App({ context: { ...context, ...settings } });
  return { app, stack: controlPlane(app, () => Code.fromInline('unused')) };
}

/** The template as AWS gets it, and those of its nested stacks. */
export function synthesized(settings: Record<string, unknown> = {}) {
  const { app, stack } = unbundledApp(settings);
  const template = Template.fromStack(stack);
  const { directory } = app.synth();
  const nested = readdirSync(directory)
    .filter((name) => name.endsWith('.nested.template.json'))
    .map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')));
  return { template, nested, directory, resources: (type: string) => resourcesOf(template.toJSON(), type) };
}

/** Logical ids and resources of one type. */
export function resourcesOf(template: Record<string, unknown>, type: string): [string, Resource][] {
  const { Resources } = template as { Resources: Record<string, Resource> };
  return Object.entries(Resources).filter(([, { Type }]) => Type === type);
}
