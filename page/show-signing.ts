import { startAuthentication } from '@simplewebauthn/browser';
import { answerArea } from './answer-area.ts';
import { ceremonyFailure } from './ceremony-failure.ts';
import type { DigestCheck } from './check-digest.ts';
import { declineForm } from './decline-form.ts';
import { answeredView } from './done-view.ts';
import { element } from './element.ts';
import type { Failure } from './failure.ts';
import { changePanels, launchPanels } from './launch-panels.ts';
import { donePanels, factList, heading, show } from './panels.ts';
import type { SessionApi } from './session-api.ts';
import type { SigningReply } from './session-reply.ts';
import { signView } from './sign-view.ts';
import { earlier } from './time-left.ts';

/** Shows what is asked, whole, and takes the answer. */
export function showSigning(session: SigningReply, check: DigestCheck, api: SessionApi): void {
  const view = signView(session, check);
  const { title, meaning, facts, document, stop, launch, changed } = view;
  const panels = [
    ...(stop
      ? [
          heading(stop.happened, '✖'),
          element(
            'div',
            { class: 'failure' },
            element('p', {}, stop.why),
            factList(stop.facts),
            element('p', {}, stop.next),
          ),
          element('h2', {}, title),
        ]
      : [heading(title), element('p', { class: 'meaning' }, meaning)]),
    factList(facts),
    ...(changed.length > 0 ? changePanels('What has changed since you were asked', changed) : []),
    ...(launch ? launchPanels(launch) : []),
    ...(document === '' ? [] : documentPanels(document, check)),
  ];
  show(stop?.happened ?? title, ...panels, ...(view.mayDecline ? [answering(session, view, api)] : []));
}

function documentPanels(text: string, { matches, shown }: DigestCheck): readonly HTMLElement[] {
  const digest = element(
    'p',
    { class: 'digest' },
    element('span', {}, 'Digest, computed by this page: '),
    element('code', {}, shown),
  );
  const verdict = element('p', {}, '✓ It is the digest that your authenticator signs.');
  return [
    element('h2', { id: 'document' }, matches ? 'The document that you sign' : 'The document that was shown'),
    element('pre', { 'aria-labelledby': 'document' }, text),
    digest,
    ...(matches ? [verdict] : []),
  ];
}

function answering(
  session: SigningReply,
  { maySign, notice }: ReturnType<typeof signView>,
  api: SessionApi,
): HTMLElement {
  const { digest } = session.approval;
  const sign = element(
    'button',
    {
      class: 'primary',
      type: 'button',
      click: () => area.attempt('Waiting for your authenticator …', () => signed(session, api)),
    },
    'Sign with your authenticator',
  );
  const decline = declineForm((reason) =>
    area.attempt('Sending …', () =>
      answered('decline', { decision: 'decline', digest, ...(reason && { reason }) }, api),
    ),
  );
  const controls = [
    ...(notice ? [element('p', { class: 'notice' }, notice)] : []),
    ...(maySign ? [sign] : []),
    ...decline,
  ];
  const area = answerArea('Your answer', earlier(session.expiresAt, session.approval.expiresAt), controls);
  return area.section;
}

async function signed({ options, approval }: SigningReply, api: SessionApi): Promise<Failure | undefined> {
  const assertion = await startAuthentication({ optionsJSON: options }).catch((error: unknown) =>
    ceremonyFailure('sign', error),
  );
  if ('final' in assertion) return assertion;
  return answered('approve', { decision: 'approve', digest: approval.digest, assertion }, api);
}

async function answered(decision: 'approve' | 'decline', body: object, api: SessionApi): Promise<Failure | undefined> {
  const answer = await api.answer(body);
  if ('failure' in answer) return answer.failure;
  const view = answeredView(decision, answer.value);
  show(view.title, ...donePanels(view));
  return undefined;
}
