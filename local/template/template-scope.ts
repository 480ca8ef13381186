import { basename, dirname } from 'node:path';
import { type Lookup, resolveValue } from './resolve-value.ts';
import { attributeOf, type Named, type Place, refOf } from './resource-names.ts';
import { readTemplate, type Template, type TemplateResource } from './template.ts';

/** A template and what its names stand for. Nested stacks are scopes of their own. */
export type TemplateScope = {
  readonly template: Template;
  /** Path of a nested stack ending in a slash; empty for the stack itself. */
  readonly prefix: string;
  readonly lookup: Lookup;
  /** Resolves a property; throws naming the resource when that cannot be done. */
  resolve(logicalId: string, property: string): unknown;
  named(logicalId: string): Named & { readonly type: string };
  /** Attributes that custom resources answered, by logical id. */
  readonly answered: Map<string, Readonly<Record<string, string>>>;
  readonly children: ReadonlyMap<string, TemplateScope>;
};

export type ScopeOptions = {
  readonly place: Place;
  readonly stackName: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly assets: ReadonlyMap<string, string>;
};

/** The value of a parameter, or undefined for a name that is none. */
type Given = (name: string) => string | undefined;

/** Opens a template with the nested stacks in it. Nothing is resolved but where the nested templates lie. */
export function templateScope(
  template: Template,
  prefix: string,
  options: ScopeOptions,
  given: Given = givenValues(template, options.parameters),
): TemplateScope {
  const children = new Map<string, TemplateScope>();
  const answered: TemplateScope['answered'] = new Map();
  const lookup: Lookup = {
    ref: (name) =>
      pseudo[name] ?? given(name) ?? refOf(...identified(name)) ?? unknown(`Ref to ${name}`, resource(name)),
    attribute(logicalId, name) {
      const known = answered.get(logicalId)?.[name] ?? attributeOf(name, ...identified(logicalId));
      return known ?? outputOf(children.get(logicalId), name) ?? unknown(`${logicalId}.${name}`, resource(logicalId));
    },
  };
  const pseudo: Readonly<Record<string, string>> = pseudoParameters(options);
  const resource = (logicalId: string): TemplateResource => {
    const found = template.Resources[logicalId];
    if (!found) throw new Error(`names ${logicalId}, which is not in the template`);
    return found;
  };
  const resolve = (logicalId: string, property: string): unknown => {
    try {
      return resolveValue(resource(logicalId).Properties[property], lookup);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`${prefix}${logicalId} (${resource(logicalId).Type}): ${property} ${reason}`, { cause });
    }
  };
  const named = (logicalId: string): Named & { readonly type: string } => ({
    type: resource(logicalId).Type,
    path: prefix + logicalId,
    place: options.place,
    property: (name) => asText(resolve(logicalId, name)),
  });
  const identified = (logicalId: string): [string, Named] => [resource(logicalId).Type, named(logicalId)];
  for (const [logicalId, { Type }] of Object.entries(template.Resources)) {
    if (Type !== 'AWS::CloudFormation::Stack') continue;
    const nested = readNested(asText(resolve(logicalId, 'TemplateURL')) ?? '', options);
    // its parameters are resolved when they are asked for: they may name what another nested stack hands on
    const handedIn = resource(logicalId).Properties['Parameters'];
    const fromHere: Given = (name) => asText(resolveValue(valueIn(handedIn, name), lookup));
    children.set(logicalId, templateScope(nested, `${prefix}${logicalId}/`, options, fromHere));
  }
  return { template, prefix, lookup, resolve, named, answered, children };
}

const valueIn = (parameters: unknown, name: string): unknown =>
  typeof parameters === 'object' && parameters !== null
    ? Object.entries(parameters).find(([key]) => key === name)?.[1]
    : undefined;

const asText = (value: unknown) => (typeof value === 'string' ? value : undefined);

function unknown(what: string, { Type }: TemplateResource): never {
  throw new Error(`needs ${what}, a ${Type}, which this host does not serve`);
}

function outputOf(child: TemplateScope | undefined, attribute: string): string | undefined {
  const [, name = ''] = /^Outputs\.(.+)$/.exec(attribute) ?? [];
  const output = child?.template.Outputs[name];
  return child && output ? asText(resolveValue(output.Value, child.lookup)) : undefined;
}

function readNested(url: string, { assets }: ScopeOptions): Template {
  const path = assets.get(basename(url));
  if (!path) throw new Error(`the nested template ${url} is not among the stack's assets; run: npm run synth`);
  return readTemplate(dirname(path), basename(path));
}

const pseudoParameters = ({ place, stackName }: ScopeOptions) => ({
  'AWS::AccountId': place.account,
  'AWS::Region': place.region,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': stackName,
});

function givenValues(template: Template, given: Readonly<Record<string, string>>): Given {
  const values = parameterValues(template, given);
  return (name) => values[name];
}

function parameterValues({ Parameters }: Template, given: Readonly<Record<string, string>>): Record<string, string> {
  const stray = Object.keys(given).find((name) => !Parameters[name]);
  if (stray) throw new Error(`the template has no parameter ${stray}; it has ${Object.keys(Parameters).join(', ')}`);
  return Object.fromEntries(
    Object.entries(Parameters).flatMap(([name, { Default, AllowedPattern }]) => {
      const value = given[name] ?? Default;
      if (value === undefined) return [];
      if (AllowedPattern && !new RegExp(`^(?:${AllowedPattern})$`).test(value))
        throw new Error(`parameter ${name} is ${JSON.stringify(value)}, which does not match ${AllowedPattern}`);
      return [[name, value]];
    }),
  );
}
