/** A claim as API Gateway hands it on: always text. A list becomes `a,b` in a REST API and `[a b]` in an HTTP API. */
export function claimText(value: unknown, list: (items: readonly string[]) => string): string {
  if (Array.isArray(value)) return list(value.map(String));
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
