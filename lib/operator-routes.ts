/** A route of the operators' REST API. `throttle` is absent where nothing may slow the caller down. */
export type OperatorRoute = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly lambda:
    | 'api/kill'
    | 'api/device-kill'
    | 'api/command'
    | 'api/launch'
    | 'api/guardrails'
    | 'api/recovery'
    | 'api/review'
    | 'api/monitor'
    | 'api/sign'
    | 'api/page'
    | 'api/query'
    | 'api/ledger';
  /** The scope that the gateway asks for. Absent where it asks for no token: the two documents, and a kill, whose function does. */
  readonly scope?: 'read' | 'operate';
  /** Why the gateway asks for no token, for a reviewer. */
  readonly openBecause?: string;
  /** Requests per second and burst, over all callers. */
  readonly throttle?: { readonly rate: number; readonly burst: number };
};

const commands = { lambda: 'api/command', scope: 'operate', throttle: { rate: 20, burst: 40 } } as const;
const recoveries = { lambda: 'api/recovery', scope: 'operate', throttle: { rate: 10, burst: 20 } } as const;
const signatures = { lambda: 'api/sign', scope: 'operate', throttle: { rate: 20, burst: 40 } } as const;
const queries = { lambda: 'api/query', scope: 'read', throttle: { rate: 100, burst: 200 } } as const;
const ledgers = { lambda: 'api/ledger', scope: 'read', throttle: { rate: 20, burst: 40 } } as const;
const pages = {
  lambda: 'api/sign',
  throttle: { rate: 20, burst: 40 },
  openBecause:
    'A signing page has no token: the function checks the secret of a session that somebody opened with theirs, good for five minutes, one document and one use.',
} as const;
const signingPage = {
  ...pages,
  lambda: 'api/page',
  openBecause:
    'The signing page is the same for everybody and holds nothing; what it asks for is behind the secret of a session.',
} as const;
const documents = {
  lambda: 'api/query',
  throttle: { rate: 10, burst: 20 },
  openBecause: 'Describes the API and holds nothing about strategies or people; readable before signing in.',
} as const;
const kills = {
  lambda: 'api/kill',
  openBecause:
    'The function checks the token itself, first of all: it takes one that expired within 15 minutes, which no authorizer would, since a kill does not fail because a login ran out.',
} as const;

const deviceKills = {
  lambda: 'api/device-kill',
  openBecause:
    'The function checks the signature of the device itself, first of all (RFC 9421, Ed25519): this is the kill that needs no identity provider, so no authorizer can stand before it.',
} as const;

const back = (path: string): OperatorRoute => ({ method: 'POST', path, ...recoveries });
const post = (path: string): OperatorRoute => ({ method: 'POST', path, ...commands });
/** What prepares a launch: changing it, and looking at it. */
const launching = (method: 'GET' | 'POST', path: string): OperatorRoute => ({
  method,
  path,
  lambda: 'api/launch',
  scope: method === 'GET' ? 'read' : 'operate',
  throttle: { rate: 20, burst: 40 },
});
/** Limits, freezes and overrides: changing them, and looking at them. */
const guarding = (method: 'GET' | 'POST', path: string): OperatorRoute => ({
  ...launching(method, path),
  lambda: 'api/guardrails',
});
/** What comes after a run: archives, reviews, checklists, attestations. */
const reviewing = (method: 'GET' | 'POST', path: string): OperatorRoute => ({
  ...launching(method, path),
  lambda: 'api/review',
});
/** What people do beside a strategy that trades: look at its monitors and alerts, review its drift, lead its incidents, lift what holds it back. */
const monitoring = (method: 'GET' | 'POST', path: string): OperatorRoute => ({
  ...launching(method, path),
  lambda: 'api/monitor',
});
const get = (path: string): OperatorRoute => ({ method: 'GET', path, ...queries });
const ledger = (path: string): OperatorRoute => ({ method: 'GET', path, ...ledgers });
const open = (path: string): OperatorRoute => ({ method: 'GET', path, ...documents });

/** Every route there is: API Gateway and the local host both take them from the template. */
export const operatorRoutes: readonly OperatorRoute[] = [
  { method: 'POST', path: '/v1/strategies/{id}/kills', ...kills },
  { method: 'POST', path: '/v1/kills', ...kills },
  { method: 'POST', path: '/v1/device-kills', ...deviceKills },
  { ...get('/v1/strategies/{id}/plans'), method: 'POST' }, // shows, and changes nothing
  launching('POST', '/v1/strategies/{id}/launches'),
  launching('POST', '/v1/strategies/{id}/resumptions'),
  launching('POST', '/v1/strategies/{id}/manifests'),
  guarding('GET', '/v1/strategies/{id}/limits'),
  guarding('POST', '/v1/strategies/{id}/limits'),
  guarding('GET', '/v1/strategies/{id}/overrides'),
  guarding('POST', '/v1/strategies/{id}/overrides'),
  guarding('GET', '/v1/freezes'),
  guarding('POST', '/v1/freezes'),
  guarding('POST', '/v1/freezes/{id}/lifts'),
  launching('GET', '/v1/tickets'),
  launching('POST', '/v1/tickets'),
  launching('GET', '/v1/tickets/{id}'),
  launching('POST', '/v1/tickets/{id}/approval'),
  launching('POST', '/v1/tickets/{id}/rejection'),
  launching('POST', '/v1/tickets/{id}/closure'),
  launching('POST', '/v1/strategies/{id}/validations'),
  launching('GET', '/v1/runs/{id}/smoke'),
  launching('GET', '/v1/runs/{id}/gates'),
  launching('GET', '/v1/venues'),
  launching('GET', '/v1/venues/{mic}'),
  launching('POST', '/v1/venues/{mic}/halts'),
  launching('POST', '/v1/venues/{mic}/halts/{id}/end'),
  reviewing('GET', '/v1/reviews'),
  reviewing('GET', '/v1/reviews/digest'),
  reviewing('GET', '/v1/runs/{id}/review'),
  reviewing('POST', '/v1/runs/{id}/review/annotations'),
  reviewing('POST', '/v1/runs/{id}/review/closures'),
  reviewing('GET', '/v1/archives'),
  reviewing('GET', '/v1/runs/{id}/archive'),
  reviewing('GET', '/v1/runs/{id}/archive/files'),
  reviewing('GET', '/v1/runs/{id}/checklist'),
  reviewing('GET', '/v1/attestations'),
  reviewing('POST', '/v1/attestations'),
  reviewing('POST', '/v1/runs/{id}/attestations'),
  post('/v1/strategies/{id}/stops'),
  post('/v1/strategies/{id}/stops/{halt}/cancellation'),
  post('/v1/strategies/{id}/throttles'),
  post('/v1/strategies/{id}/reductions'),
  post('/v1/strategies/{id}/safe-modes'),
  monitoring('POST', '/v1/strategies/{id}/lifts'),
  monitoring('GET', '/v1/monitors'),
  monitoring('GET', '/v1/alerts'),
  monitoring('GET', '/v1/drift-reviews'),
  monitoring('POST', '/v1/drift-reviews/{id}/decisions'),
  monitoring('POST', '/v1/venues/{mic}/incidents'),
  monitoring('GET', '/v1/venue-incidents'),
  monitoring('POST', '/v1/venue-incidents/{id}/closure'),
  monitoring('GET', '/v1/data-incidents'),
  monitoring('GET', '/v1/data-incidents/{id}'),
  monitoring('POST', '/v1/data-incidents/{id}/notes'),
  post('/v1/strategies/{id}/settlements'),
  post('/v1/strategies/{id}/incident'),
  back('/v1/strategies/{id}/recoveries'),
  back('/v1/recoveries'),
  back('/v1/runs/{id}/post-mortem'),
  back('/v1/runs/{id}/post-mortem/actions/{number}'),
  post('/v1/strategies/{id}/drills'),
  { method: 'POST', path: '/v1/approvals/signing-options', ...signatures, scope: 'read' }, // shows, and changes nothing
  { method: 'POST', path: '/v1/approvals/signatures', ...signatures },
  { method: 'POST', path: '/v1/approvals/{id}/signatures', ...signatures },
  { method: 'GET', path: '/v1/approvals/{id}/signing-options', ...signatures, scope: 'read' },
  { method: 'POST', path: '/v1/approvals/{id}/signing-sessions', ...signatures },
  { method: 'POST', path: '/v1/enrolment-sessions', ...signatures },
  { method: 'GET', path: '/v1/signing-sessions/{id}', ...pages },
  { method: 'POST', path: '/v1/signing-sessions/{id}/signature', ...pages },
  { method: 'POST', path: '/v1/signing-sessions/{id}/credential', ...pages },
  { method: 'GET', path: '/sign/{id}', ...signingPage },
  { method: 'GET', path: '/v1/credentials', ...signatures, scope: 'read' },
  { method: 'POST', path: '/v1/credentials', ...signatures },
  { method: 'POST', path: '/v1/credentials/options', ...signatures },
  { method: 'POST', path: '/v1/credentials/{id}/approval', ...signatures },
  { method: 'POST', path: '/v1/credentials/{id}/revocation', ...signatures },
  post('/v1/channel-tests'),
  post('/v1/devices'),
  post('/v1/devices/{name}/approval'),
  post('/v1/devices/{name}/revocation'),
  get('/v1/devices'),
  get('/v1/engines'),
  get('/v1/strategies'),
  get('/v1/strategies/{id}'),
  get('/v1/approvals'),
  get('/v1/approvals/{id}'),
  get('/v1/runs'),
  get('/v1/runs/{id}'),
  get('/v1/runs/{id}/kill-certificate'),
  get('/v1/runs/{id}/post-mortem'),
  get('/v1/executions'),
  get('/v1/executions/{name}/history'),
  ledger('/v1/ledger/{log}'),
  ledger('/v1/ledger/{log}/checkpoints'),
  ledger('/v1/ledger/{log}/proofs/{index}'),
  ledger('/v1/ledger/{log}/consistency/{size}'),
  ledger('/v1/checkpoint-keys'),
  ledger('/v1/drills/{id}'),
  get('/v1/drills'),
  get('/v1/calendar'),
  get('/v1/deliveries'),
  get('/v1/kill-events'),
  monitoring('GET', '/v1/health'),
  { ...get('/ofrep/v1/evaluate/flags'), method: 'POST' },
  { ...get('/ofrep/v1/evaluate/flags/{key}'), method: 'POST' },
  open('/openapi.json'),
  open('/docs'),
];
