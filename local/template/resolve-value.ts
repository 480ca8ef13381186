/** How the intrinsics of a template find what they name. Both throw for a name they do not know. */
export type Lookup = {
  readonly ref: (name: string) => string;
  readonly attribute: (logicalId: string, attribute: string) => string;
};

/** Replaces Ref, Fn::GetAtt, Fn::Join and Fn::Sub, however deep. Any other intrinsic throws: guessing would hide a difference from AWS. */
export function resolveValue(value: unknown, lookup: Lookup): unknown {
  if (Array.isArray(value)) return value.map((each) => resolveValue(each, lookup));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[name, argument] = ['', undefined]] = entries;
  if (entries.length === 1 && isIntrinsic(name)) return resolveIntrinsic(name, argument, lookup);
  return Object.fromEntries(entries.map(([key, each]) => [key, resolveValue(each, lookup)]));
}

const isIntrinsic = (name: string) => name === 'Ref' || name === 'Condition' || name.startsWith('Fn::');

function resolveIntrinsic(name: string, argument: unknown, lookup: Lookup): unknown {
  switch (name) {
    case 'Ref':
      return lookup.ref(text(argument, name));
    case 'Fn::GetAtt':
      return getAtt(argument, lookup);
    case 'Fn::Join':
      return join(argument, lookup);
    case 'Fn::Sub':
      return substitute(argument, lookup);
    default:
      throw new Error(`uses ${name}, which this host does not resolve (only Ref, Fn::GetAtt, Fn::Join, Fn::Sub)`);
  }
}

function getAtt(argument: unknown, { attribute }: Lookup): string {
  const [logicalId, ...rest] = Array.isArray(argument) ? argument : text(argument, 'Fn::GetAtt').split('.');
  return attribute(text(logicalId, 'Fn::GetAtt'), rest.map((part) => text(part, 'Fn::GetAtt')).join('.'));
}

function join(argument: unknown, lookup: Lookup): string {
  const [separator, parts]: readonly unknown[] = Array.isArray(argument) ? argument : [];
  const resolved = resolveValue(parts, lookup);
  if (!Array.isArray(resolved)) throw new Error('has a Fn::Join without a list');
  return resolved.map((part) => text(part, 'Fn::Join')).join(text(separator, 'Fn::Join'));
}

function substitute(argument: unknown, lookup: Lookup): string {
  const [template, given]: readonly unknown[] = Array.isArray(argument) ? argument : [argument, {}];
  const variables = resolveValue(given, lookup);
  const own = (name: string): unknown =>
    typeof variables === 'object' && variables !== null && Object.hasOwn(variables, name)
      ? Object.entries(variables).find(([key]) => key === name)?.[1]
      : undefined;
  return text(template, 'Fn::Sub').replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    const variable = own(name);
    if (variable !== undefined) return text(variable, 'Fn::Sub');
    return name.includes('.') ? getAtt(name, lookup) : lookup.ref(name);
  });
}

function text(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`has a ${where} of ${JSON.stringify(value)} where a text is needed`);
}
