import { WebAuthnAbortService } from '@simplewebauthn/browser';
import { element } from './element.ts';
import { broken, type Failure, over } from './failure.ts';
import { failurePanel } from './panels.ts';
import { timeLeft } from './time-left.ts';

/** Where a person answers: the time that is left, the controls, and what came of the last attempt. */
export type AnswerArea = {
  readonly section: HTMLElement;
  /** Runs one attempt at a time; a failure is shown, and a final one takes the controls away. */
  attempt(words: string, act: () => Promise<Failure | undefined>): void;
};

/** `controls` are shown until the session ends (ISO 8601) or an answer was given. */
export function answerArea(label: string, expiresAt: string, controls: readonly HTMLElement[]): AnswerArea {
  const time = element('span', { role: 'timer' });
  const timer = element('p', { class: 'time' }, 'This page is good for ', time);
  const result = element('div', { class: 'result', role: 'status' });
  const section = element('section', { class: 'answer', 'aria-label': label }, timer, ...controls, result);
  let isBusy = false;
  /** Buttons keep the focus while they do nothing, so that nobody's place on the page is lost. */
  const busy = (now: boolean) => {
    isBusy = now;
    for (const button of section.querySelectorAll('button')) button.setAttribute('aria-disabled', String(now));
  };
  const end = (failure: Failure) => {
    clearInterval(clock);
    WebAuthnAbortService.cancelCeremony();
    for (const each of [timer, ...controls]) each.remove();
    result.replaceChildren(failurePanel(failure));
  };
  const clock = setInterval(() => tick(), 1000);
  const tick = () => {
    if (!section.isConnected) return clearInterval(clock);
    const left = timeLeft(expiresAt, new Date());
    if (left === undefined) return end(over);
    time.textContent = left;
  };
  time.textContent = timeLeft(expiresAt, new Date()) ?? '0 s';
  return {
    section,
    attempt(words, act) {
      if (isBusy) return;
      busy(true);
      result.replaceChildren(element('p', {}, words));
      void act()
        .catch(broken)
        .then((failure) => {
          busy(false);
          if (!failure || !timer.isConnected) return; // it was done, or the page is over
          if (failure.final) end(failure);
          else result.replaceChildren(failurePanel(failure));
          result.scrollIntoView({ block: 'nearest' });
        });
    },
  };
}
