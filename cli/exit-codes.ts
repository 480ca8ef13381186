import { REFUSAL_CODES, type RefusalCode } from '../domain/refusal.ts';

/** What a script can tell from `$?`. 1 to 5 are TradePulse's own, the others extend them. Documented in docs/cli.md from here. */
export const EXIT_CODES = {
  ok: [0, 'done, or accepted and waiting for people'],
  fault: [1, 'something else went wrong: a fault, not a refusal'],
  usage: [2, 'wrong arguments or configuration, or an unknown strategy, run, approval, log or scope'],
  artifact: [3, 'the artifact or its signed manifest is missing, expired, foreign or altered'],
  compute: [4, 'a computation failed (kept for the research commands of TradePulse)'],
  parity: [5, 'two computations of the same thing differ: a ledger whose Merkle root cannot be recomputed'],
  state: [10, 'refused by the state: killed, frozen, locked, live, not open any more'],
  unauthenticated: [11, 'not logged in, or the login has expired'],
  unauthorised: [12, 'this person may not do this: role, scope, second factor, or already signed'],
  noGo: [13, 'a gate of the launch said no-go'],
  conflict: [14, 'a conflict: stale epoch, somebody else was first, reused idempotency key, another document'],
  unreachable: [15, 'the control plane cannot be reached'],
  timeout: [16, 'timed out waiting; what was asked for goes on'],
  outside: [17, 'an engine or a venue cannot be reached, or refused'],
  interrupted: [130, 'interrupted by Ctrl-C; what was asked for goes on'],
} as const satisfies Record<string, readonly [code: number, meaning: string]>;

export type ExitName = keyof typeof EXIT_CODES;

const GROUPS: Record<RefusalCode, ExitName> = {
  TokenMissing: 'unauthenticated',
  TokenInvalid: 'unauthenticated',
  TokenExpired: 'unauthenticated',
  NotPermitted: 'unauthorised',
  SecondFactorMissing: 'unauthorised',
  SecondFactorStale: 'unauthorised',
  InvalidRequest: 'usage',
  BodyTooLarge: 'usage',
  BodyNestedTooDeep: 'usage',
  UnsupportedMediaType: 'usage',
  IdempotencyKeyMissing: 'usage',
  IdempotencyKeyReused: 'conflict',
  NotFound: 'usage',
  UnknownStrategy: 'usage',
  UnknownRun: 'usage',
  UnknownApproval: 'usage',
  UnknownLog: 'usage',
  UnknownScope: 'usage',
  NotCheckpointed: 'state',
  StrategyKilled: 'state',
  StrategyNotKilled: 'state',
  KillSpooled: 'state',
  LaunchesFrozen: 'state',
  StrategyNotOff: 'state',
  StrategyNotStopping: 'state',
  DeploymentLocked: 'state',
  StaleEpoch: 'conflict',
  NoIntent: 'state',
  LaunchAborted: 'state',
  Contended: 'conflict',
  ManifestMissing: 'artifact',
  ManifestUnsigned: 'artifact',
  ManifestTampered: 'artifact',
  ManifestExpired: 'artifact',
  ManifestForeign: 'artifact',
  TicketMismatch: 'noGo',
  RiskEnvelopeMismatch: 'noGo',
  ArtifactNotAttested: 'artifact',
  ParametersNotApproved: 'noGo',
  SmokeOutOfTolerance: 'noGo',
  NoGo: 'noGo',
  FlagConflict: 'conflict',
  NotConfirmedLive: 'noGo',
  WrongRole: 'unauthorised',
  SamePerson: 'unauthorised',
  AlreadyDecided: 'state',
  DigestMismatch: 'conflict',
  ApprovalClosed: 'state',
  ApprovalExpired: 'state',
  ApprovalDeclined: 'state',
  UnknownInstance: 'usage',
  LeaseExpired: 'state',
  EngineUnreachable: 'outside',
  EngineRefused: 'outside',
  VenueUnreachable: 'outside',
  OrdersResting: 'state',
  DrainDeadlinePassed: 'timeout',
  StoreUnavailable: 'unreachable',
};

const isRefusalCode = (code: string): code is RefusalCode => REFUSAL_CODES.some((known) => known === code);

const BY_STATUS: Readonly<Record<number, ExitName>> = {
  400: 'usage',
  401: 'unauthenticated',
  403: 'unauthorised',
  404: 'usage',
  408: 'unreachable',
  409: 'conflict',
  429: 'unreachable',
  502: 'unreachable',
  503: 'unreachable',
  504: 'unreachable',
};

/** The exit a refusal leads to; for a name that is no refusal (a newer server, `States.Timeout`) the HTTP status decides, if there is one. */
export function exitOf(code: string | undefined, status = 500): ExitName {
  if (code !== undefined && isRefusalCode(code)) return GROUPS[code];
  if (code === 'States.Timeout') return 'timeout';
  return BY_STATUS[status] ?? 'fault';
}
