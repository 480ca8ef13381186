import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, type CfnResource, NestedStack } from 'aws-cdk-lib';
import { Template as Assertions } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { controlPlane } from '../../lib/control-plane.ts';
import { fromRoot } from '../../lib/from-root.ts';
import { flattened, type Template } from './flattened.ts';

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

/** What AWS gets: the template of the stack (`parts[0]`) and those of its nested stacks, and all of them as if they were one. */
export function synthesized(settings: Record<string, unknown> = {}) {
  const { app, stack } = unbundledApp(settings);
  const { directory } = app.synth();
  const read = (file: string): Template => JSON.parse(readFileSync(join(directory, file), 'utf8'));
  const nested = stack.node.findAll().filter((each) => NestedStack.isNestedStack(each));
  const idOf = ({ nestedStackResource }: NestedStack) => stack.getLogicalId(nestedStackResource as CfnResource);
  const templates = new Map(nested.map((each) => [idOf(each), read(each.templateFile)]));
  const main = read(stack.templateFile);
  const json = flattened(main, templates);
  const template = Assertions.fromJSON(json, { skipCyclicalDependenciesCheck: true });
  return {
    template,
    parts: [main, ...templates.values()],
    directory,
    resources: (type: string) => resourcesOf(json, type),
  };
}

/** Logical ids and resources of one type. */
export function resourcesOf(template: Record<string, unknown>, type: string): [string, Resource][] {
  const { Resources } = template as { Resources: Record<string, Resource> };
  return Object.entries(Resources).filter(([, { Type }]) => Type === type);
}
