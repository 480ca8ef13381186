import { BUILT_IN_FUNCTIONS } from './built-in-functions.ts';
import { compileExpression } from './compile-expression.ts';
import { isNode, type Node, namesBoundIn } from './names-bound-in.ts';

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
  const refusal = check(root, { top: true, bound: namesBoundIn(root) });
  return refusal && `The expression '${text}' ${refusal}`;
}

function check(node: unknown, walk: Walk): string | undefined {
  if (Array.isArray(node)) return first(node, walk);
  if (!isNode(node)) return undefined;
  const own = refusalOf(node, walk);
  if (own) return own;
  const inner = { ...walk, top: false };
  const { type, steps, predicate, stages, group, ...rest } = node;
  if (type === 'path' && Array.isArray(steps)) {
    // only the first step, and that without its filters, sees the context of the whole expression
    return check(steps[0], walk) ?? first([steps.slice(1), predicate, stages, group, rest], inner);
  }
  const parts = type === 'sort' || type === 'transform' ? inner : walk;
  return first(Object.values(rest), parts) ?? first([predicate, stages, group], inner);
}

function first(nodes: readonly unknown[], walk: Walk): string | undefined {
  for (const node of nodes) {
    const refusal = check(node, walk);
    if (refusal) return refusal;
  }
  return undefined;
}

function refusalOf(node: Node, { top, bound }: Walk): string | undefined {
  switch (node['type']) {
    case 'variable':
      return refusedVariable(String(node['value']), top);
    case 'name':
    case 'wildcard':
    case 'descendant':
    case 'parent':
      return top ? `reads '${nameOf(node)}' at the top level; begin with $states.input` : undefined;
    case 'function':
    case 'partial':
      return refusedCall(node['procedure'], bound);
    default:
      return undefined;
  }
}

function nameOf({ type, value }: Node) {
  return typeof value === 'string' ? value : String(type);
}

function refusedVariable(name: string, top: boolean) {
  if (name === '$') return "uses '$$', which Step Functions does not provide; use $states";
  if (name === 'eval') return "uses '$eval', which Step Functions forbids; use $parse";
  return top && name === '' ? "uses '$' at the top level; use $states.input" : undefined;
}

function refusedCall(procedure: unknown, bound: ReadonlySet<string>) {
  if (!isNode(procedure) || procedure['type'] !== 'variable') return undefined;
  const name = String(procedure['value']);
  return name === 'eval' || BUILT_IN_FUNCTIONS.has(name) || bound.has(name)
    ? undefined
    : `calls '$${name}', which is not a function`;
}
