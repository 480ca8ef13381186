import jsonata from 'jsonata';

const compiled = new Map<string, jsonata.Expression | Error>();

/** Compiles once per text: a compiled expression keeps no state between evaluations. A syntax error is returned. */
export function compileExpression(text: string): jsonata.Expression | Error {
  const known = compiled.get(text);
  if (known) return known;
  const made = parse(text);
  compiled.set(text, made);
  return made;
}

function parse(text: string) {
  try {
    return jsonata(text);
  } catch (error) {
    return error instanceof Error ? error : new Error(messageOf(error));
  }
}

/** JSONata throws plain objects `{code, message}`. */
export function messageOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const code = 'code' in error ? error.code : undefined;
  const message = 'message' in error ? error.message : undefined;
  return [code, message].filter((part) => typeof part === 'string').join(': ') || String(error);
}
