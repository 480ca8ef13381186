import { Refusal, type RefusalCode } from '../domain/refusal.ts';

/** The HTTP status of every refusal code of the closed list. */
const STATUS = {
  TokenMissing: 401,
  TokenInvalid: 401,
  TokenExpired: 401,
  NotPermitted: 403,
  SecondFactorMissing: 403,
  SecondFactorStale: 403,
  InvalidRequest: 400,
  BodyTooLarge: 413,
  BodyNestedTooDeep: 400,
  UnsupportedMediaType: 415,
  IdempotencyKeyMissing: 400,
  IdempotencyKeyReused: 409,
  NotFound: 404,
  UnknownStrategy: 404,
  UnknownRun: 404,
  UnknownApproval: 404,
  UnknownLog: 404,
  UnknownScope: 404,
  NotCheckpointed: 409,
  StrategyKilled: 409,
  StrategyNotKilled: 409,
  KillSpooled: 409,
  LaunchesFrozen: 423,
  StrategyNotOff: 409,
  StrategyNotStopping: 409,
  DeploymentLocked: 423,
  StaleEpoch: 409,
  NoIntent: 422,
  LaunchAborted: 409,
  Contended: 409,
  ManifestMissing: 422,
  ManifestUnsigned: 422,
  ManifestTampered: 422,
  ManifestExpired: 422,
  ManifestForeign: 422,
  TicketMismatch: 422,
  RiskEnvelopeMismatch: 422,
  ArtifactNotAttested: 422,
  ParametersNotApproved: 422,
  SmokeOutOfTolerance: 422,
  NoGo: 422,
  FlagConflict: 409,
  NotConfirmedLive: 422,
  WrongRole: 403,
  SamePerson: 409,
  AlreadyDecided: 409,
  DigestMismatch: 409,
  ApprovalClosed: 410,
  ApprovalExpired: 410,
  ApprovalDeclined: 410,
  SignatureMissing: 403,
  SignatureInvalid: 403,
  WrongChallenge: 409,
  WrongOrigin: 403,
  WrongRelyingParty: 403,
  UserNotVerified: 403,
  CounterRegressed: 403,
  UnknownCredential: 404,
  CredentialRevoked: 403,
  CredentialNotApproved: 403,
  CredentialOfAnother: 403,
  DemoCredentialRefused: 403,
  DeviceKeyRefused: 403,
  ConfirmerIsInitiator: 409,
  AlreadyConfirmed: 409,
  SigningSessionInvalid: 403,
  PostMortemMissing: 409,
  PostMortemInvalid: 422,
  KillNotProved: 409,
  RecoveryUnderWay: 409,
  ExposureNotAccepted: 409,
  LedgerNotProved: 409,
  EngineNotHalted: 409,
  FlagNotOff: 409,
  ActionsOpen: 409,
  UnknownDevice: 404,
  DeviceNameTaken: 409,
  DeviceNotApproved: 403,
  DeviceRevoked: 403,
  DeviceSignatureInvalid: 401,
  DeviceSignatureLate: 401,
  DeviceSignatureReplayed: 409,
  NotASimulator: 422,
  NothingToDrill: 409,
  UnknownInstance: 403,
  LeaseExpired: 409,
  EngineUnreachable: 503,
  EngineRefused: 503,
  VenueUnreachable: 503,
  OrdersResting: 409,
  DrainDeadlinePassed: 422,
  StoreUnavailable: 503,
} as const satisfies Record<RefusalCode, number>;

export const statusOf = (code: RefusalCode): (typeof STATUS)[RefusalCode] => STATUS[code];

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
