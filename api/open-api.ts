import * as z from 'zod';
import { Run } from '../domain/control-record.ts';
import { LeaseReply } from '../domain/engine/lease-reply.ts';
import { LeaseRequest } from '../domain/engine/lease-request.ts';
import { IncidentUpdate } from '../domain/kill/update-incident.ts';
import { LaunchRequest } from '../domain/launch/request-launch.ts';
import { REFUSAL_CODES } from '../domain/refusal.ts';
import { LedgerQuery } from './ledger-query.ts';
import { SignatureRequest } from './schemas.ts';

export type ApiRoute = {
  method: 'get' | 'post';
  path: string;
  summary: string;
  scope: string;
  body?: z.ZodType;
  /** What may stand behind the question mark. */
  query?: z.ZodObject;
  reply: 200 | 202;
  /** What the reply holds, where one schema says it. */
  holds?: z.ZodType;
  idempotent?: boolean;
};

const READ = 'control-plane/read';
const OPERATE = 'control-plane/operate';
const SafetyBody = z.object({ reason: z.string().optional(), ticket: z.string().optional() });
const ScopeBody = z.object({
  scope: z.string().describe('all, desk:<desk>, or venue:<id>'),
  reason: z.string().optional(),
});

/** Every route, with the very schemas that judge its body. */
export const ROUTES: readonly ApiRoute[] = [
  {
    method: 'post',
    path: '/v1/strategies/{id}/launches',
    summary: 'Launch a strategy (runbook 2)',
    scope: OPERATE,
    body: LaunchRequest,
    reply: 202,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/stops',
    summary: 'Planned stop (runbook 4); never refused for form',
    scope: OPERATE,
    body: SafetyBody,
    reply: 202,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/kills',
    summary: 'Kill (runbook 5.1); never refused for form',
    scope: 'control-plane/kill',
    body: SafetyBody,
    reply: 202,
  },
  {
    method: 'post',
    path: '/v1/kills',
    summary: 'Kill a desk, a venue, or everything (runbook 5.1); refused only for an unknown scope',
    scope: 'control-plane/kill',
    body: ScopeBody,
    reply: 202,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/settlements',
    summary: 'Settle what is left (runbook 4.4)',
    scope: OPERATE,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/incident',
    summary: 'Another expected recovery of a killed strategy, told to everybody concerned (runbook 5.1.3)',
    scope: OPERATE,
    body: IncidentUpdate,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/approvals/{id}/signatures',
    summary: 'Sign or decline a document by its digest (runbook 2.3)',
    scope: OPERATE,
    body: SignatureRequest,
    reply: 200,
    idempotent: true,
  },
  { method: 'get', path: '/v1/strategies', summary: 'All strategies', scope: READ, reply: 200 },
  {
    method: 'get',
    path: '/v1/strategies/{id}',
    summary: 'One strategy: what it may do, and why not more',
    scope: READ,
    reply: 200,
  },
  { method: 'get', path: '/v1/approvals', summary: 'Questions to people', scope: READ, reply: 200 },
  {
    method: 'get',
    path: '/v1/approvals/{id}',
    summary: 'One question, with the document that is signed',
    scope: READ,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/runs',
    summary: 'Runs, newest first',
    scope: READ,
    reply: 200,
    holds: z.object({ runs: z.array(Run) }),
  },
  { method: 'get', path: '/v1/runs/{id}', summary: 'One run: steps, findings, evidence', scope: READ, reply: 200 },
  {
    method: 'get',
    path: '/v1/runs/{id}/kill-certificate',
    summary: 'The certificate of a kill, as JSON and as a page (runbook 5.1.2)',
    scope: READ,
    reply: 200,
  },
  { method: 'get', path: '/v1/executions', summary: 'Executions, newest first', scope: READ, reply: 200 },
  {
    method: 'get',
    path: '/v1/executions/{name}/history',
    summary: 'History of one execution, task tokens redacted',
    scope: READ,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/ledger/{log}',
    summary: 'Entries of a log that match every filter, with its RFC 6962 root; goes on at `next`',
    scope: READ,
    query: LedgerQuery,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/ledger/{log}/checkpoints',
    summary: 'Signed checkpoints of a log (C2SP tlog-checkpoint), smallest first',
    scope: READ,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/ledger/{log}/proofs/{index}',
    summary: 'Proof that an entry stands in the tree of the newest checkpoint (RFC 6962 section 2.1.1)',
    scope: READ,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/ledger/{log}/consistency/{size}',
    summary: 'Proof that the newest checkpoint goes on from one of that size (RFC 6962 section 2.1.2)',
    scope: READ,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/checkpoint-keys',
    summary: 'The keys that sign checkpoints, oldest first; the last one is in use',
    scope: READ,
    reply: 200,
  },
  { method: 'get', path: '/v1/deliveries', summary: 'The outbox of messages', scope: READ, reply: 200 },
  {
    method: 'get',
    path: '/v1/kill-events',
    summary: 'Every kill with both signatures (runbook 5.1.2)',
    scope: READ,
    reply: 200,
  },
  { method: 'get', path: '/v1/health', summary: "The control plane's own health", scope: READ, reply: 200 },
  {
    method: 'post',
    path: '/engine/v1/strategies/{id}/lease',
    summary: 'Renew an engine lease (docs/engine-contract.md)',
    scope: 'engine/lease',
    body: LeaseRequest,
    reply: 200,
    holds: LeaseReply,
  },
];

const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum([...REFUSAL_CODES, 'Fault']),
  next: z.string(),
  facts: z.record(z.string(), z.unknown()),
});

export const API_INFO = {
  title: 'TradePulse Control Plane',
  version: '1',
  description: 'Launches, watches and halts live trading strategies by an executable runbook.',
};

export type OpenApiDocument = {
  openapi: string;
  info: { title: string; version: string; description: string };
  paths: Record<string, Record<string, unknown>>;
  components: Record<string, unknown>;
};

/** The OpenAPI 3.1 document, made from the routes and their schemas. */
export function openApi(): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {};
  for (const route of ROUTES) paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  return {
    openapi: '3.1.0',
    info: API_INFO,
    paths,
    components: {
      schemas: { Problem: z.toJSONSchema(Problem, { io: 'input' }) },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function operation({ path, summary, scope, body, query, reply, holds, idempotent }: ApiRoute) {
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const asked = Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: z.toJSONSchema(z.object({ schema }), { io: 'output' }).properties?.['schema'],
  }));
  const key = {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    schema: { type: 'string', minLength: 8, maxLength: 128 },
  };
  return {
    summary,
    security: [{ bearer: [scope] }],
    parameters: [...parameters, ...asked, ...(idempotent ? [key] : [])],
    ...(body && {
      requestBody: { content: { 'application/json': { schema: z.toJSONSchema(body, { io: 'input' }) } } },
    }),
    responses: {
      [reply]: {
        description: 'done',
        ...(holds && { content: { 'application/json': { schema: z.toJSONSchema(holds, { io: 'output' }) } } }),
      },
      default: {
        description: 'a refusal, or a fault',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}
