import { startRegistration } from '@simplewebauthn/browser';
import { answerArea } from './answer-area.ts';
import { ceremonyFailure } from './ceremony-failure.ts';
import { enrolledView } from './done-view.ts';
import { element } from './element.ts';
import type { Failure } from './failure.ts';
import { donePanels, factList, heading, show } from './panels.ts';
import { plainText } from './plain-text.ts';
import type { SessionApi } from './session-api.ts';
import type { EnrolmentReply } from './session-reply.ts';

const TITLE = 'Register an authenticator';

/** Asks what the authenticator is called, has the browser make its key, and says who has to approve it. */
export function showEnrolment(session: EnrolmentReply, label: string, api: SessionApi): void {
  const name = element('input', { id: 'label', maxlength: '64', required: true, autocomplete: 'off', value: label });
  const form = element(
    'form',
    {},
    element('label', { for: 'label' }, 'What do you call it? For example: office key'),
    name,
    element('button', { type: 'submit', class: 'primary' }, 'Register this authenticator'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    area.attempt('Waiting for your authenticator …', () => enrolled(session, name.value.trim(), api));
  });
  const area = answerArea('Your authenticator', session.expiresAt, [form]);
  show(
    TITLE,
    heading(TITLE),
    element(
      'p',
      { class: 'meaning' },
      'With it you sign documents: launches, confirmations of a kill, recoveries. It has to verify you, by a PIN, a finger or a face.',
    ),
    factList([['You are', plainText(session.options.user.name)]]),
    area.section,
  );
}

async function enrolled({ options }: EnrolmentReply, label: string, api: SessionApi): Promise<Failure | undefined> {
  const made = await startRegistration({ optionsJSON: options }).catch((error: unknown) =>
    ceremonyFailure('enrol', error),
  );
  if ('final' in made) return made;
  const { clientDataJSON, attestationObject, transports } = made.response;
  const response = { clientDataJSON, attestationObject, ...(transports && { transports }) };
  const answer = await api.enrol({ response: { ...made, response }, label });
  if ('failure' in answer) return answer.failure;
  const view = enrolledView(answer.value);
  show(view.title, ...donePanels(view));
  return undefined;
}
