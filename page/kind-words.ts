/** What a question is, in words for whoever has to answer it, and what follows from each answer. */
export type KindWords = {
  readonly title: string;
  readonly meaning: string;
  readonly complete: string;
  readonly declined: string;
};

const LAUNCH_ENDS = 'The launch is withdrawn: what it changed is put back, and nothing trades.';

const KINDS: Readonly<Record<string, KindWords>> = {
  'kill-confirmation': {
    title: 'Confirm a kill',
    meaning:
      'Trading is halted already, whatever you answer. You say that you know of this kill: two people in different roles put their names to it.',
    complete: 'The kill is confirmed. Its certificate is made as soon as nothing rests at the venues.',
    declined: 'The kill stands: declining lets nothing trade.',
  },
  'launch-confirmation': {
    title: 'Confirm a launch',
    meaning: 'Two people in different roles say that this strategy may be launched, exactly as the document says.',
    complete:
      'Everybody has signed: the launch goes on by itself. The trader is asked once more before anything trades.',
    declined: LAUNCH_ENDS,
  },
  'flag-flip': {
    title: 'Enable live trading',
    meaning: 'This is the last signature of a launch: after it the strategy trades.',
    complete: 'Signed: the launch goes on by itself, and turns live trading on.',
    declined: LAUNCH_ENDS,
  },
  'post-mortem': {
    title: 'Sign off a post-mortem',
    meaning: 'Three different people say that this is what happened, and what will be done about it.',
    complete: 'The post-mortem is signed off: a recovery may be asked for.',
    declined: 'This version is not signed off: another one has to be written.',
  },
  recovery: {
    title: 'Recover after a kill',
    meaning: 'Two people in different roles say that a kill may be lifted. It lets nothing trade: it allows a launch.',
    complete: 'Everybody has signed: the recovery goes on by itself. Nothing trades until the next launch.',
    declined: 'Nothing is recovered: the kill stands.',
  },
  resume: {
    title: 'Resume trading',
    meaning:
      'Two people in different roles say that this strategy may trade on after it lost its lease: what it holds agrees with its venues.',
    complete:
      'Everybody has signed: the resumption goes on by itself, and turns live trading on when go/no-go says so.',
    declined: 'Nothing is resumed: the strategy stays SAFE.',
  },
  limits: {
    title: 'Change risk limits',
    meaning:
      'Two people in different roles say that these limits take the place of the stored ones. They start nothing.',
    complete: 'Everybody has signed: whoever proposed them applies them now, by giving the same command again.',
    declined: 'The stored limits stay as they are.',
  },
  unfreeze: {
    title: 'Lift a freeze',
    meaning: 'Two people in different roles say that what the freeze holds back may be launched again.',
    complete: 'Everybody has signed: the freeze is lifted by giving the same command again.',
    declined: 'The freeze stands.',
  },
  override: {
    title: 'Override a soft no-go',
    meaning:
      'The risk officer verifies, and another designated person authorises, that a launch may pass by exactly these findings. Neither may confirm that launch.',
    complete: 'Everybody has signed: the next launch passes by these findings until the override expires.',
    declined: 'Nothing is overridden: the findings hold the launch up as before.',
  },
  'drain-sign-off': {
    title: 'Leave orders resting after a stop',
    meaning:
      'You say that exactly these good-till-cancelled orders may stay at their venues once the strategy is off. Without you they are cancelled.',
    complete: 'Signed: the stop goes on by itself, and leaves exactly these orders.',
    declined: 'They are cancelled, and the stop goes on.',
  },
  lift: {
    title: 'Lift what holds a strategy back',
    meaning:
      'Two people in different roles say that this strategy may trade at its approved rate again: what it was throttled for, or reduced, is over.',
    complete: 'Everybody has signed: the strategy trades at that rate once the same is asked for again.',
    declined: 'Nothing is lifted: the strategy stays held back.',
  },
  attestation: {
    title: 'Attest a statement',
    meaning: 'You put your name to the words in the document: that you have done or seen what they say.',
    complete: 'Signed: the statement counts from now on.',
    declined: 'Nothing is attested: the statement counts for nothing.',
  },
};

/** The words for a kind of question; one that this page does not know is shown by its name. */
export const kindWords = (kind: string): KindWords =>
  KINDS[kind] ?? {
    title: `Sign: ${kind}`,
    meaning: 'Read the document: it says what you are asked for.',
    complete: 'Everybody has signed.',
    declined: 'It is declined.',
  };

/** `risk-officer` as people say it. */
const roleWords = (role: string): string => (role === 'sre' ? 'SRE' : role.replaceAll('-', ' '));

export const rolesWords = (roles: readonly string[]): string => roles.map(roleWords).join(', ') || 'nobody';
