/** An expected no, on its way to a reply: becomes `application/problem+json` (RFC 9457). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly next: string;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    detail: string,
    next: string,
    facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.next = next;
    this.facts = facts;
  }
}

/** The reply that says no: what happened, why, what to do next. */
export function problemResponse({ status, code, message, next, facts }: Problem): Response {
  const body = { type: `urn:tradepulse:problem:${code}`, title: code, status, detail: message, code, next, facts };
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } });
}
