/** Every expected no, by the name that Step Functions, the API and the CLI know it by. Closed: a new no is a new code here. */
export const REFUSAL_CODES = [
  // who asks, and in what form
  'TokenMissing',
  'TokenInvalid',
  'TokenExpired',
  'NotPermitted',
  'SecondFactorMissing',
  'SecondFactorStale',
  'InvalidRequest',
  'BodyTooLarge',
  'BodyNestedTooDeep',
  'UnsupportedMediaType',
  'IdempotencyKeyMissing',
  'IdempotencyKeyReused',
  // what it is about
  'NotFound',
  'UnknownStrategy',
  'UnknownRun',
  'UnknownApproval',
  'UnknownLog',
  'UnknownScope',
  'UnknownVenue',
  'UnknownChannel',
  'NotCheckpointed',
  'NotArchived',
  // the state of the strategy
  'StrategyKilled',
  'StrategyNotKilled',
  'KillSpooled',
  'LaunchesFrozen',
  'StrategyNotOff',
  'StrategyNotStopping',
  'HaltScheduled',
  'HaltNotScheduled',
  'StrategyNotSafe',
  'StrategyNotRestricted',
  'CauseStands',
  'QuietPeriod',
  'DeploymentLocked',
  'LockExpired',
  'StaleEpoch',
  'NoIntent',
  'LaunchAborted',
  'Contended',
  // the gates of a launch
  'ManifestMissing',
  'ManifestUnsigned',
  'ManifestTampered',
  'ManifestExpired',
  'ManifestForeign',
  'ManifestKeyRevoked',
  'ManifestKeyExpired',
  'ManifestOutdated',
  'TicketMismatch',
  'UnknownTicket',
  'TicketTaken',
  'TicketUnreadable',
  'TicketNotApproved',
  'CiMissing',
  'CiUnreadable',
  'CiNotGreen',
  'CiStale',
  'RiskEnvelopeMismatch',
  'ArtifactNotAttested',
  'ConfigurationMismatch',
  'ParametersNotApproved',
  'SmokeOutOfTolerance',
  'ChangeNotSigned',
  'ChangeNotRecorded',
  'KillPathNotProved',
  'SmokeInconclusive',
  'LaunchPostponed',
  'CalendarNotCovering',
  'NoGo',
  'FlagConflict',
  'NotConfirmedLive',
  // people
  'WrongRole',
  'SamePerson',
  'AlreadyDecided',
  'DigestMismatch',
  'ApprovalClosed',
  'ApprovalExpired',
  'ApprovalDeclined',
  'PlanChanged',
  'ManifestSigner',
  'OverrideSigner',
  'NotOverridable',
  // signatures of people
  'SignatureMissing',
  'SignatureInvalid',
  'WrongChallenge',
  'WrongOrigin',
  'WrongRelyingParty',
  'UserNotVerified',
  'CounterRegressed',
  'UnknownCredential',
  'CredentialRevoked',
  'CredentialNotApproved',
  'CredentialOfAnother',
  'DemoCredentialRefused',
  'DeviceKeyRefused',
  'ConfirmerIsInitiator',
  'AlreadyConfirmed',
  'SigningSessionInvalid',
  // coming back from a kill
  'PostMortemMissing',
  'PostMortemInvalid',
  'KillNotProved',
  'RecoveryUnderWay',
  'ExposureNotAccepted',
  'LedgerNotProved',
  'EngineNotHalted',
  'FlagNotOff',
  'ActionsOpen',
  // looking back at a run
  'EvidenceUnderWay',
  'ReviewClosed',
  // devices that kill
  'UnknownDevice',
  'DeviceNameTaken',
  'DeviceNotApproved',
  'DeviceRevoked',
  'DeviceSignatureInvalid',
  'DeviceSignatureLate',
  'DeviceSignatureReplayed',
  // drills
  'NotASimulator',
  'NothingToDrill',
  // engines and venues
  'UnknownInstance',
  'LeaseExpired',
  'EngineUnreachable',
  'EngineRefused',
  'VenueUnreachable',
  'OrdersResting',
  'PositionsDiffer',
  'DrainDeadlinePassed',
  'DrainEscalated',
  'DrainNeedsSignOff',
  'OrdersNotSigned',
  'VenueUnstable',
  'VenueKillDue',
  'VenueIncidentOver',
  'SafeModeOver',
  'VenuesNotVerified',
  'NoDataIncident',
  'OversightGoesOn',
  'StoreUnavailable',
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** What the operator needs to see beside the sentence: ids, times, expected and actual values. JSON only. */
export type Facts = Readonly<Record<string, unknown>>;

/**
 * An expected no: a code from the closed list, one sentence that says what happened and why, what to do next, and facts.
 * Anything else that is thrown is a fault. `name` is the code, since Step Functions matches `Error` by it.
 */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly next: string;
  readonly facts: Facts;

  constructor(code: RefusalCode, message: string, next: string, facts: Facts = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.next = next;
    this.facts = facts;
  }
}
