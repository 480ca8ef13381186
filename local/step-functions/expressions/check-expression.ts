import { isObject } from '../json.ts';
import { BUILT_IN_FUNCTIONS } from './built-in-functions.ts';
import { compileExpression } from './compile-expression.ts';

/** A node of JSONata's syntax tree; its declared type lacks most of what the parser really makes. */
type Node = Record<string, unknown>;

interface Walk {
  /** True where a bare name or `$` would mean the context of the whole expression, which AWS does not provide. */
  readonly top: boolean;
  readonly bound: ReadonlySet<string>;
}

/** Why AWS would refuse the expression, or undefined. `$eval`, `$$`, top-level `$`, bare names and unknown functions. */
export function checkExpression(text: string): string | undefined {
  const compiled = compileExpression(text);
  if (compiled instanceof Error) return `The expression '${text}' cannot be parsed: ${compiled.message}`;
  const root: unknown = compiled.ast();
  const refusal = check(root, { top: true, bound: namesBoundIn(root, new Set()) });
  return refusal && `The expression '${text}' ${refusal}`;
}

function check(node: unknown, walk: Walk): string | undefined {
  if (Array.isArray(node)) return first(node, walk);
  if (!isNode(node)) return undefined;
  const own = refusalOf(node, walk);
  if (own) return own;
  if (node['type'] === 'path') return checkPath(node, walk);
  const { type, predicate, stages, group, ...rest } = node;
  const inner = { ...walk, top: false };
  const parts = type === 'sort' || type === 'transform' ? inner : walk;
  return first(Object.values(rest), parts) ?? first([predicate, stages, group], inner);
}

/** Only the first step of a path, and that without its filters, sees the context of the whole expression. */
function checkPath({ steps, ...rest }: Node, walk: Walk): string | undefined {
  const [start, ...others] = Array.isArray(steps) ? steps : [];
  return check(start, walk) ?? first([...others, ...Object.values(rest)], { ...walk, top: false });
}

function refusalOf(node: Node, { top, bound }: Walk): string | undefined {
  const { type, value, procedure } = node;
  if (type === 'variable' && value === '$') return "uses '$$', which Step Functions does not provide; use $states";
  if (type === 'variable' && value === 'eval') return "uses '$eval', which Step Functions forbids; use $parse";
  if (top && type === 'variable' && value === '') return "uses '$' at the top level; use $states.input";
  if (top && (type === 'name' || type === 'wildcard' || type === 'descendant' || type === 'parent')) {
    return `reads '${String(value ?? type)}' at the top level; write $states.input.${String(value ?? '*')}`;
  }
  if ((type !== 'function' && type !== 'partial') || !isNode(procedure) || procedure['type'] !== 'variable')
    return undefined;
  const name = String(procedure['value']);
  return BUILT_IN_FUNCTIONS.has(name) || bound.has(name) || name === 'eval'
    ? undefined
    : `calls '$${name}', which is not a function`;
}

function first(nodes: readonly unknown[], walk: Walk): string | undefined {
  for (const node of nodes) {
    const refusal = check(node, walk);
    if (refusal) return refusal;
  }
  return undefined;
}

/** Names given inside the expression: `$f := ...` and the parameters of its functions. */
function namesBoundIn(node: unknown, found: Set<string>): Set<string> {
  if (Array.isArray(node)) for (const item of node) namesBoundIn(item, found);
  if (!isNode(node)) return found;
  const { type, lhs, arguments: parameters } = node;
  if (type === 'bind' && isNode(lhs)) found.add(String(lhs['value']));
  if (type === 'lambda' && Array.isArray(parameters)) {
    for (const parameter of parameters) if (isNode(parameter)) found.add(String(parameter['value']));
  }
  for (const child of Object.values(node)) namesBoundIn(child, found);
  return found;
}

function isNode(value: unknown): value is Node {
  return isObject(value);
}
