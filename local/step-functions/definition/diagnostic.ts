/** One reason why a definition is refused. `location` is a JSON pointer that holds the name of the state. */
export interface Diagnostic {
  readonly severity: 'ERROR';
  readonly code: 'INVALID_JSON_DESCRIPTION' | 'SCHEMA_VALIDATION_FAILED' | 'MISSING_TRANSITION_TARGET';
  readonly message: string;
  readonly location: string;
}

/** Collects the findings of all checks, so that one attempt shows all of them. */
export type Report = (location: string, message: string, code?: Diagnostic['code']) => void;

/** The text AWS puts in the message of InvalidDefinition. */
export function describeDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const list = diagnostics.map(({ code, message, location }) => `${code}: ${message} at ${location}`).join(', ');
  return `Invalid State Machine Definition: '${list}'`;
}
