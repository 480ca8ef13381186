import { canonicalJson } from '../domain/ledger/canonical-json.ts';
import type { DigestCheck } from './check-digest.ts';
import { kindWords, rolesWords } from './kind-words.ts';
import { type Change, type LaunchView, launchView, plainChange } from './launch-view.ts';
import { plainText } from './plain-text.ts';
import type { Asked, SigningReply } from './session-reply.ts';
import { utc } from './time-left.ts';

export type Fact = readonly [term: string, description: string];

/** What is shown before somebody signs. `stop`: something is wrong, and nothing can be done here but read. */
export type SignView = {
  readonly title: string;
  readonly meaning: string;
  readonly facts: readonly Fact[];
  /** Empty where there is none to show. */
  readonly document: string;
  readonly stop?: {
    readonly happened: string;
    readonly why: string;
    readonly facts: readonly Fact[];
    readonly next: string;
  };
  /** Of a launch, in plain words. */
  readonly launch?: LaunchView;
  /** What has changed since it was asked: then it can only be declined. */
  readonly changed: readonly Change[];
  readonly maySign: boolean;
  readonly mayDecline: boolean;
  /** Why there is no button to sign with, where there is one to decline. */
  readonly notice?: string;
};

/** What a session shows: everything in the words of the document that is signed, or a stop. */
export function signView({ approval, subject, roles, options }: SigningReply, check: DigestCheck): SignView {
  const { title, meaning } = kindWords(approval.kind);
  const launch = launchView(approval.document);
  const changed = (approval.changed ?? []).map(plainChange);
  const shown = {
    ...{ title: plainText(title), meaning, facts: factsOf(approval, `${subject}, ${rolesWords(roles)}`), changed },
    ...(launch && check.matches && { launch }),
  };
  const none = { maySign: false, mayDecline: false };
  if (!check.matches) return { ...shown, document: documentText(approval, check), ...none, stop: tampered(check) };
  const document = documentText(approval, check);
  if (approval.status !== 'open') return { ...shown, document, ...none, stop: closed(approval) };
  if (changed.length > 0) return { ...shown, document, maySign: false, mayDecline: true, notice: CHANGED };
  if (options.allowCredentials.length > 0) return { ...shown, document, maySign: true, mayDecline: true };
  const notice =
    'You have no authenticator that may sign. Enrol one with: tradepulse-cli credential enrol. Another person then approves it.';
  return { ...shown, document, maySign: false, mayDecline: true, notice };
}

const CHANGED =
  'This holds no longer: what it binds has changed since you were asked, as said above. Nobody can sign it any more; whoever launches has to start again.';

/** What people look for first. All of it stands in the document too, or is about the question and not about what is signed. */
function factsOf({ kind, strategyId, runId, document, ...asked }: Asked, you: string): Fact[] {
  const { missingRoles, signatures, expiresAt } = asked;
  const facts: (readonly [term: string, description: unknown])[] = [
    ['Strategy', strategyId],
    ['Environment', document['environment']],
    ...(kind === 'kill-confirmation' ? factsOfKill(document) : []),
    ['Run', runId],
    ['Still to sign', rolesWords(missingRoles)],
    ...signatures.map(
      ({ role, decision, actor, at }): Fact => [
        decision === 'approve' ? 'Signed' : 'Declined',
        `${rolesWords([role])} (${actor}), ${utc(at)}`,
      ],
    ),
    ['You are', you],
    ['Open until', utc(expiresAt)],
  ];
  return facts.flatMap(([term, description]) =>
    typeof description === 'string' ? [[term, plainText(description)] as const] : [],
  );
}

const factsOfKill = ({ reason, initiator, killedAt }: Asked['document']) =>
  [
    ['Reason', reason],
    ['Killed by', initiator],
    ['Killed at', typeof killedAt === 'string' ? utc(killedAt) : undefined],
  ] as const;

/** The document in the order that is signed; every character that cannot be seen is written out. */
function documentText({ document }: Asked, { shown }: DigestCheck): string {
  if (!shown.startsWith('sha256:')) return '';
  return plainText(JSON.stringify(JSON.parse(canonicalJson(document)), null, 2));
}

const tampered = ({ shown, asked }: DigestCheck) => ({
  happened: 'Stop: sign nothing',
  why: 'The document below is not the one that your authenticator would sign. This is a fault, or somebody has tampered with it.',
  facts: [
    ['Digest of this document', shown],
    ['Digest that is asked for', plainText(asked)],
  ] as const,
  next: 'Close this page, and call the auditor and the platform engineer.',
});

const closed = ({ status }: Asked) => ({
  happened: `This question is ${plainText(status)}`,
  why: 'It has been answered, or its time is over, or something else came first.',
  facts: [],
  next: 'Nothing is left to do here. Look at the run for what is asked now.',
});
