/** A route of the operators' REST API. `throttle` is absent where nothing may slow the caller down. */
export type OperatorRoute = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly lambda: 'api/kill' | 'api/command' | 'api/query';
  /** Absent for the two documents that describe the API itself. */
  readonly scope?: 'read' | 'operate' | 'kill';
  /** Requests per second and burst, over all callers. */
  readonly throttle?: { readonly rate: number; readonly burst: number };
};

const commands = { lambda: 'api/command', scope: 'operate', throttle: { rate: 20, burst: 40 } } as const;
const queries = { lambda: 'api/query', scope: 'read', throttle: { rate: 100, burst: 200 } } as const;
const documents = { lambda: 'api/query', throttle: { rate: 10, burst: 20 } } as const;

const post = (path: string): OperatorRoute => ({ method: 'POST', path, ...commands });
const get = (path: string): OperatorRoute => ({ method: 'GET', path, ...queries });
const open = (path: string): OperatorRoute => ({ method: 'GET', path, ...documents });

/** Every route there is: API Gateway and the local host both take them from the template. */
export const operatorRoutes: readonly OperatorRoute[] = [
  { method: 'POST', path: '/v1/strategies/{id}/kills', lambda: 'api/kill', scope: 'kill' },
  post('/v1/strategies/{id}/launches'),
  post('/v1/strategies/{id}/stops'),
  post('/v1/strategies/{id}/settlements'),
  post('/v1/approvals/{id}/signatures'),
  get('/v1/strategies'),
  get('/v1/strategies/{id}'),
  get('/v1/approvals'),
  get('/v1/approvals/{id}'),
  get('/v1/runs'),
  get('/v1/runs/{id}'),
  get('/v1/executions'),
  get('/v1/executions/{name}/history'),
  get('/v1/ledger/{log}'),
  get('/v1/deliveries'),
  get('/v1/health'),
  open('/openapi.json'),
  open('/docs'),
];
