import { Refusal, type RefusalCode } from '../domain/refusal.ts';

type Status = 400 | 401 | 403 | 404 | 408 | 409 | 410 | 413 | 415 | 422 | 423 | 500 | 503;

const CODES: Record<Status, readonly RefusalCode[]> = {
  400: ['InvalidRequest', 'BodyNestedTooDeep', 'IdempotencyKeyMissing'],
  401: ['TokenMissing', 'TokenInvalid', 'TokenExpired'],
  403: ['NotPermitted', 'WrongRole', 'SecondFactorMissing', 'SecondFactorStale', 'UnknownInstance'],
  404: ['NotFound', 'UnknownStrategy', 'UnknownRun', 'UnknownApproval', 'UnknownLog'],
  408: [],
  409: [
    'StrategyKilled',
    'StrategyNotOff',
    'StrategyNotStopping',
    'StaleEpoch',
    'LaunchAborted',
    'Contended',
    'SamePerson',
    'AlreadyDecided',
    'DigestMismatch',
    'LeaseExpired',
    'OrdersResting',
    'FlagConflict',
  ],
  410: ['ApprovalClosed', 'ApprovalExpired', 'ApprovalDeclined'],
  413: ['BodyTooLarge'],
  415: ['UnsupportedMediaType'],
  422: [
    'IdempotencyKeyReused',
    'NoIntent',
    'ManifestMissing',
    'ManifestUnsigned',
    'ManifestTampered',
    'ManifestExpired',
    'ManifestForeign',
    'TicketMismatch',
    'RiskEnvelopeMismatch',
    'ArtifactNotAttested',
    'ParametersNotApproved',
    'SmokeOutOfTolerance',
    'NoGo',
    'NotConfirmedLive',
    'DrainDeadlinePassed',
  ],
  423: ['DeploymentLocked', 'LaunchesFrozen'],
  500: [],
  503: ['EngineUnreachable', 'EngineRefused', 'VenueUnreachable', 'StoreUnavailable'],
};

const STATUS = new Map(
  Object.entries(CODES).flatMap(([status, codes]) => codes.map((code) => [code, Number(status) as Status] as const)),
);

/** The HTTP status of a refusal code. Every code of the closed list has one: a test holds the two together. */
export const statusOf = (code: RefusalCode): Status => STATUS.get(code) ?? 500;

/** RFC 9457 problem details: what happened and why (`detail`), what to do next (`next`), and the facts. */
export function problem({ code, message, next, facts }: Refusal): Response {
  const status = statusOf(code);
  const body = {
    type: `https://tradepulse.dev/problems/${code}`,
    title: code,
    status,
    detail: message,
    code,
    next,
    facts,
  };
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } });
}

/** A fault: something we did not expect. It says nothing about our insides; the log does. */
export function faultProblem(requestId: string): Response {
  const body = {
    type: 'https://tradepulse.dev/problems/Fault',
    title: 'Fault',
    status: 500,
    detail: 'the control plane failed at this request',
    code: 'Fault',
    next: 'try again; if it goes on, give the request id to the platform engineer. A kill can always be repeated',
    facts: { requestId },
  };
  return Response.json(body, { status: 500, headers: { 'content-type': 'application/problem+json' } });
}

/** A refusal for a route that is not there. */
export const notFound = (path: string): Refusal =>
  new Refusal('NotFound', `there is nothing at ${path.slice(0, 200)}`, 'look at /docs for what there is');
