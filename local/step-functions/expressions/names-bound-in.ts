/** A node of JSONata's syntax tree; its declared type lacks most of what the parser really makes. */
export type Node = Readonly<Record<string, unknown>>;

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names given inside an expression: `$f := ...` and the parameters of its functions. */
export function namesBoundIn(root: unknown): ReadonlySet<string> {
  return new Set(nodesOf(root).flatMap(boundBy));
}

function nodesOf(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  return isNode(value) ? [value, ...Object.values(value).flatMap(nodesOf)] : [];
}

function boundBy({ type, lhs, arguments: parameters }: Node): string[] {
  const names = type === 'bind' ? [lhs] : type === 'lambda' && Array.isArray(parameters) ? parameters : [];
  return names.filter(isNode).map(({ value }) => String(value));
}
