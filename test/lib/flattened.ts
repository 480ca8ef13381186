type Json = Record<string, unknown>;
export type Template = { Resources: Record<string, Resource>; Outputs?: Record<string, { Value: unknown }> };
type Resource = { Type: string; Properties?: Json };
type Nested = { readonly template: Template; readonly given: Json; readonly path: string };

/**
 * A template with its nested stacks (by their logical ids) written into it, as if it had none: their resources under
 * `<nested><id>`, their parameters and outputs replaced by what they stand for. So a test says what the product is, and not in which stack it is.
 */
export function flattened(main: Template, templates: ReadonlyMap<string, Template>): Json {
  const nested = new Map(
    [...templates].map(([path, template]): [string, Nested] => {
      const given = (main.Resources[path]?.Properties?.['Parameters'] ?? {}) as Json;
      return [path, { template, given, path }];
    }),
  );
  const own = Object.entries(main.Resources)
    .filter(([id]) => !nested.has(id))
    .map(([id, resource]) => [id, rewritten(resource, undefined, nested)] as const);
  const theirs = [...nested].flatMap(([path, { template }]) =>
    Object.entries(template.Resources).map(([id, resource]) => [path + id, rewritten(resource, path, nested)] as const),
  );
  const Outputs = rewritten(main.Outputs ?? {}, undefined, nested);
  return { ...main, Outputs, Resources: Object.fromEntries([...own, ...theirs]) };
}

/** `from` is the nested stack in which the value stands, if any. */
function rewritten(value: unknown, from: string | undefined, nested: ReadonlyMap<string, Nested>): unknown {
  if (Array.isArray(value)) return value.map((each) => rewritten(each, from, nested));
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::GetAtt': attribute } = value as { Ref?: string; 'Fn::GetAtt'?: [string, string] };
  const here = from === undefined ? undefined : nested.get(from);
  if (Ref !== undefined) return reference(Ref, here, nested);
  if (attribute) return attributeOf(attribute, here, nested);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rewritten(each, from, nested)]));
}

function reference(name: string, here: Nested | undefined, nested: ReadonlyMap<string, Nested>): unknown {
  if (!here || name.startsWith('AWS::')) return { Ref: name };
  const given = here.given[name];
  return given === undefined ? { Ref: here.path + name } : rewritten(given, undefined, nested);
}

function attributeOf(
  [id, name]: [string, string],
  here: Nested | undefined,
  nested: ReadonlyMap<string, Nested>,
): unknown {
  if (here) return { 'Fn::GetAtt': [here.path + id, name] };
  const there = nested.get(id);
  const [, output = ''] = /^Outputs\.(.+)$/.exec(name) ?? [];
  const value = there?.template.Outputs?.[output]?.Value;
  return value === undefined ? { 'Fn::GetAtt': [id, name] } : rewritten(value, id, nested);
}
