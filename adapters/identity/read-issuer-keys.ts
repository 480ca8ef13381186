const DEADLINE_MS = 3000;

/** The key set that the issuer publishes (`<issuer>/.well-known/jwks.json`), unread. Throws when it does not answer, or not with 200. */
export async function readIssuerKeys(issuer: string): Promise<unknown> {
  const url = `${issuer}/.well-known/jwks.json`;
  const response = await fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}
