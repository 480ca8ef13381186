import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Pair, parseDocument, visit } from 'yaml';
import type * as z from 'zod';

/** A mistake in a file: what is wrong, and where, both counted from 1. */
export type YamlProblem = { readonly line: number; readonly column: number; readonly reason: string };
export type YamlRead<Value> =
  | { readonly value: Value; readonly problems?: undefined }
  | { readonly value?: undefined; readonly problems: readonly YamlProblem[] };

const MAX_ALIASES = 20; // a bomb multiplies aliases; honest files have few
const MAX_CHARACTERS = 1_000_000;
const MAX_PROBLEMS = 50;
const OVERFLOW = /call stack|stack overflow/i; // the parser recurses, and says in its own errors when that was too much

/**
 * A YAML 1.2 (and so JSON) file against its schema: the value, or every mistake with its line. Nothing is taken from a text that
 * is too long, is nested too deep, repeats a key, or multiplies its aliases. Pure: reading the file is the caller's.
 */
export function readYaml<Schema extends z.ZodType>(text: string, schema: Schema): YamlRead<z.output<Schema>> {
  if (text.length > MAX_CHARACTERS)
    return { problems: [atStart(`${text.length} characters; ${MAX_CHARACTERS} are read at most`)] };
  return parsed(text, schema);
}

/** Problems as an operator reads them, one a line: `config/venues/xnys.yaml:12:5: holidays.3: 2026-12-25 stands there twice`. */
export const problemLines = (file: string, problems: readonly YamlProblem[]): string =>
  problems.map(({ line, column, reason }) => `${file}:${line}:${column}: ${reason}`).join('\n');

function parsed<Schema extends z.ZodType>(text: string, schema: Schema): YamlRead<z.output<Schema>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number, reason: string): YamlProblem => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1), reason };
  };
  const syntax = [...document.errors, ...document.warnings];
  const overflow = syntax.find(({ message }) => OVERFLOW.test(message));
  if (overflow) return { problems: [place(overflow.pos[0], 'nested too deep')] };
  if (syntax.length > 0) return { problems: firstOf(syntax.map(({ pos, message }) => place(pos[0], message))) };
  const value = plainValue(document);
  if (value instanceof ReferenceError) return { problems: [place(firstAlias(document), value.message)] };
  const checked = schema.safeParse(value);
  if (checked.success) return { value: checked.data };
  return { problems: firstOf(checked.error.issues.map((issue) => place(offsetOf(document, issue), reasonOf(issue)))) };
}

/** The library throws a ReferenceError for aliases that name nothing, and for those that multiply. */
function plainValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
  } catch (error) {
    if (error instanceof ReferenceError) return error;
    throw error;
  }
}

function firstAlias(document: Document): number {
  let offset = 0;
  visit(document, {
    Alias: (_key, { range }) => {
      offset = range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

const reasonOf = ({ path, message }: z.core.$ZodIssue): string =>
  path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`;

/** Where an issue stands: the unknown key itself, else the deepest part of its path that the file has. */
function offsetOf(document: Document, issue: z.core.$ZodIssue): number {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    const child = childOf(node, step);
    offset = child.at ?? offset;
    node = child.node;
  }
  return offset;
}

/** A part of a map or a list, and where it stands: a part of a map at its key. */
function childOf(node: unknown, step: PropertyKey): { node?: unknown; at?: number | undefined } {
  if (isSeq(node)) return { node: node.items[Number(step)], at: startOf(node.items[Number(step)]) };
  const pair = isMap(node) ? node.items.find((each) => isKey(each, step)) : undefined;
  return { node: pair?.value, at: startOf(pair?.key) };
}

const isKey = ({ key }: Pair, step: PropertyKey): boolean => isScalar(key) && String(key.value) === String(step);

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

const firstOf = (problems: readonly YamlProblem[]) => problems.slice(0, MAX_PROBLEMS);

const atStart = (reason: string): YamlProblem => ({ line: 1, column: 1, reason });
