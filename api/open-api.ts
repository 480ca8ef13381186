import * as z from 'zod';
import { Run } from '../domain/control-record.ts';
import { DrillRequest } from '../domain/drill/drill-request.ts';
import { LeaseReply } from '../domain/engine/lease-reply.ts';
import { LeaseRequest } from '../domain/engine/lease-request.ts';
import { IncidentUpdate } from '../domain/kill/update-incident.ts';
import { LaunchRequest } from '../domain/launch/request-launch.ts';
import { ActionEvidence } from '../domain/post-mortem/complete-action.ts';
import { PostMortemRequest } from '../domain/post-mortem/post-mortem-request.ts';
import { RecoveryRequest } from '../domain/recover/request-recovery.ts';
import { ScopeRecoveryRequest } from '../domain/recover/scope-recovery-request.ts';
import { REFUSAL_CODES } from '../domain/refusal.ts';
import { DeviceProposal } from '../domain/signature/device-enrolment.ts';
import { LedgerQuery } from './ledger-query.ts';
import { CredentialApproval, CredentialRequest, PageCredentialRequest, SignatureRequest } from './schemas.ts';

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
const SIGNED = 'the signature of an approved device';
const PAGE = 'the secret of a signing session, in the header signing-secret';
const SafetyBody = z.object({ reason: z.string().optional(), ticket: z.string().optional() });
const ScopeBody = z.object({
  scope: z.string().describe('all, desk:<desk>, or venue:<id>'),
  reason: z.string().optional(),
});

const DeviceKill = ScopeBody.partial().extend({ strategy: z.string().optional() });

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
    path: '/v1/strategies/{id}/drills',
    summary:
      'Open a drill: the next kill by the caller, under the key of the reply, is a rehearsal. Refused unless everything is paper or simulated',
    scope: OPERATE,
    body: DrillRequest,
    reply: 200,
    idempotent: true,
  },
  { method: 'get', path: '/v1/drills', summary: 'Drills, newest first', scope: READ, reply: 200 },
  {
    method: 'get',
    path: '/v1/drills/{id}',
    summary: 'One drill: each phase of the kill beside its budget, as far as it is known',
    scope: READ,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/strategies/{id}/recoveries',
    summary: 'Recover a killed strategy (runbook 5.1): two people sign, then launching is allowed again',
    scope: OPERATE,
    body: RecoveryRequest,
    reply: 202,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/recoveries',
    summary:
      'Lift the latch of a killed scope: 202 asks two people, 200 once they have signed; its strategies stay killed',
    scope: OPERATE,
    body: ScopeRecoveryRequest,
    reply: 202,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/runs/{id}/post-mortem',
    summary: 'File one more version of the post-mortem of a kill (runbook 5.1.4); earlier sign-offs are void',
    scope: OPERATE,
    body: PostMortemRequest,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/runs/{id}/post-mortem/actions/{number}',
    summary: 'A corrective action is done',
    scope: OPERATE,
    body: ActionEvidence,
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
  {
    method: 'get',
    path: '/v1/approvals/{id}/signing-options',
    summary: 'What an authenticator is asked to sign a document with, and on which page',
    scope: READ,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/approvals/{id}/signing-sessions',
    summary: 'The address of a page that signs this document for you, once, within five minutes',
    scope: OPERATE,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/enrolment-sessions',
    summary: 'The address of a page that enrols an authenticator for you, once, within five minutes',
    scope: OPERATE,
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/signing-sessions/{id}',
    summary: 'For a signing page: the document and what its authenticator is asked with',
    scope: PAGE,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/signing-sessions/{id}/signature',
    summary: 'For a signing page: sign or decline the document',
    scope: PAGE,
    body: SignatureRequest,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/signing-sessions/{id}/credential',
    summary: 'For a signing page: enrol an authenticator',
    scope: PAGE,
    body: PageCredentialRequest,
    reply: 200,
  },
  {
    method: 'get',
    path: '/sign/{id}',
    summary: 'The signing page, for a browser: the same for every session',
    scope: 'none',
    reply: 200,
  },
  {
    method: 'get',
    path: '/v1/credentials',
    summary: 'Your authenticators; all of them for a risk officer, an SRE or an auditor',
    scope: READ,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/credentials/options',
    summary: 'What an authenticator is asked with when it is enrolled',
    scope: OPERATE,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/credentials',
    summary: 'Enrol an authenticator; it signs nothing before it is approved',
    scope: OPERATE,
    body: CredentialRequest,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/credentials/{id}/approval',
    summary: 'Approve an authenticator of somebody else, or another one of yours by a signature',
    scope: OPERATE,
    body: CredentialApproval,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/credentials/{id}/revocation',
    summary: 'Take an authenticator out of use for good: your own, or as risk officer or SRE',
    scope: OPERATE,
    reply: 200,
    idempotent: true,
  },
  {
    method: 'post',
    path: '/v1/device-kills',
    summary:
      'Kill signed by a device instead of a token: RFC 9421, Ed25519 (docs/device-kill.md); never refused for form',
    scope: SIGNED,
    body: DeviceKill,
    reply: 202,
  },
  {
    method: 'post',
    path: '/v1/devices',
    summary: 'Enrol the key of a device that can kill and nothing else',
    scope: OPERATE,
    body: DeviceProposal,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/devices/{name}/approval',
    summary: 'Another person makes it active',
    scope: OPERATE,
    reply: 200,
  },
  {
    method: 'post',
    path: '/v1/devices/{name}/revocation',
    summary: 'Take the key of a device out of use for good',
    scope: OPERATE,
    reply: 200,
  },
  { method: 'get', path: '/v1/devices', summary: 'The keys of devices', scope: READ, reply: 200 },
  { method: 'get', path: '/v1/engines', summary: 'Where every engine takes its commands', scope: READ, reply: 200 },
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
  {
    method: 'get',
    path: '/v1/runs/{id}/post-mortem',
    summary: 'The newest version of the post-mortem of a kill, its actions and its sign-offs',
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
