/** A route of an API Gateway API, with the function behind it. */
export type GatewayRoute = {
  /** Which proxy event the function gets: 1.0 from a REST API, 2.0 from an HTTP API. */
  readonly payload: '1.0' | '2.0';
  /** `ANY` for all. */
  readonly method: string;
  /** With `{id}` and `{proxy+}` as API Gateway writes them. */
  readonly path: string;
  readonly functionName: string;
  readonly apiId: string;
  readonly stage: string;
  /** Absent: open to everybody. */
  readonly authorizer?: RouteAuthorizer;
};

export type RouteAuthorizer = {
  readonly issuer: string;
  /** Client ids or audiences that tokens may be for; empty: any client of the issuer. */
  readonly audience: readonly string[];
  /** One of these has to be in the token; empty: none is needed. */
  readonly scopes: readonly string[];
};
