import type { DoneView } from './done-view.ts';
import { element } from './element.ts';
import type { Failure } from './failure.ts';
import type { Fact } from './sign-view.ts';

/** A heading that takes the focus when the page has changed below a reader. The mark says in shape what colour says as well. */
export const heading = (text: string, mark = ''): HTMLHeadingElement =>
  element(
    'h1',
    { tabindex: '-1' },
    ...(mark ? [element('span', { class: 'mark', 'aria-hidden': 'true' }, mark)] : []),
    text,
  );

/** Terms and what they are, side by side. */
export const factList = (facts: readonly Fact[]): HTMLDListElement =>
  element(
    'dl',
    {},
    ...facts.map(([term, description]) => element('div', {}, element('dt', {}, term), element('dd', {}, description))),
  );

/** What happened, why, and what to do next. */
export function failurePanel({ happened, why, next }: Failure, ...more: readonly Node[]): HTMLElement {
  const title = element(
    'p',
    { class: 'title' },
    element('span', { class: 'mark', 'aria-hidden': 'true' }, '✖'),
    happened,
  );
  return element('div', { class: 'failure' }, title, element('p', {}, why), element('p', {}, next), ...more);
}

/** What was done, what follows from it, and where it stands. */
export function donePanels({ title, text, command, facts, next }: DoneView): readonly HTMLElement[] {
  return [
    heading(title, '✓'),
    element('p', {}, text),
    ...(command ? [element('pre', { class: 'command' }, command)] : []),
    factList(facts),
    element('p', { class: 'next' }, next),
  ];
}

/** Puts these in place of everything the page shows, and the reader at their beginning. */
export function show(title: string, ...panels: readonly Node[]): void {
  const main = document.querySelector('main');
  if (!main) throw new Error('the page has no main part');
  document.title = `${title} – TradePulse`;
  main.replaceChildren(...panels);
  main.querySelector('h1')?.focus();
}
