import * as z from 'zod';
import { resolveValue } from './resolve-value.ts';
import { type Place, refOf } from './resource-names.ts';
import { readAssets, readTemplate } from './template.ts';
import { type TemplateScope, templateScope } from './template-scope.ts';

export type StackOptions = Place & {
  /** The CDK's output folder, `cdk.out`. */
  readonly folder: string;
  readonly stackName: string;
  /** Values for the template's parameters, in place of their defaults. */
  readonly parameters: Readonly<Record<string, string>>;
};

/** A resource with the properties that were asked for, resolved and checked. */
export type StackResource<Properties> = {
  readonly logicalId: string;
  readonly type: string;
  /** What `Ref` gives; the logical id for types that the host does not serve. */
  readonly ref: string;
  readonly properties: Properties;
};

export type Stack = {
  readonly place: Place;
  /**
   * All resources of a type (of a family for `Family::`), those of nested stacks too, with the properties that the schema names
   * (a loose schema: all). Throws, naming the resource, when one uses what this host cannot resolve, or is not as the schema says.
   */
  list<Shape extends z.ZodRawShape>(
    type: string,
    schema: z.ZodObject<Shape>,
  ): StackResource<z.output<z.ZodObject<Shape>>>[];
  /** An output of the stack, resolved. Throws when there is none of that name. */
  output(name: string): string;
  /** What a custom resource answered; `Fn::GetAtt` on it throws until then. */
  setAttributes(logicalId: string, attributes: Readonly<Record<string, string>>): void;
  /** The file or folder that a deployment uploads under this key. */
  assetPath(objectKey: string): string;
};

/**
 * Opens what `cdk synth` wrote. Everything is resolved when it is asked for, so only what the host really serves has to be
 * resolvable; of that, nothing is guessed (local runtime, section 8).
 */
export function openStack({ folder, stackName, parameters, region, account, issuer }: StackOptions): Stack {
  const place: Place = { region, account, issuer };
  const assets = readAssets(folder, stackName);
  const template = readTemplate(folder, `${stackName}.template.json`);
  const main = templateScope(template, '', { place, stackName, parameters, assets });
  return {
    place,
    list: (type, schema) => withNested(main).flatMap((scope) => listIn(scope, type, schema)),
    output: (name) => z.string().parse(resolveValue(outputIn(main, name), main.lookup)),
    setAttributes: (logicalId, attributes) => void main.answered.set(logicalId, attributes),
    assetPath(objectKey) {
      const path = assets.get(objectKey);
      if (path) return path;
      throw new Error(`the asset ${objectKey} is not in ${folder}/${stackName}.assets.json; run: npm run synth`);
    },
  };
}

function outputIn({ template }: TemplateScope, name: string): unknown {
  const output = template.Outputs[name];
  if (output) return output.Value;
  throw new Error(`the template has no output ${name}; it has ${Object.keys(template.Outputs).join(', ')}`);
}

const withNested = (scope: TemplateScope): TemplateScope[] => [
  scope,
  ...[...scope.children.values()].flatMap(withNested),
];

function listIn<Shape extends z.ZodRawShape>(scope: TemplateScope, type: string, schema: z.ZodObject<Shape>) {
  return Object.entries(scope.template.Resources)
    .filter(([, { Type }]) => Type === type || (type.endsWith('::') && Type.startsWith(type)))
    .map(([logicalId, { Type, Properties }]) => {
      const wanted = schema.def.catchall ? Object.keys(Properties) : Object.keys(schema.shape);
      const names = wanted.filter((name) => Properties[name] !== undefined);
      const resolved = Object.fromEntries(names.map((name) => [name, scope.resolve(logicalId, name)]));
      const parsed = schema.safeParse(resolved);
      if (!parsed.success) {
        throw new Error(`${scope.prefix}${logicalId} (${Type}) cannot be served: ${z.prettifyError(parsed.error)}`);
      }
      const ref = refOf(Type, scope.named(logicalId)) ?? logicalId;
      return { logicalId, type: Type, ref, properties: parsed.data };
    });
}
