import { element } from './element.ts';
import type { Change, LaunchView } from './launch-view.ts';
import { factList } from './panels.ts';

/** A launch in plain words, above the document that says it all. */
export function launchPanels({ facts, gates, since, differences }: LaunchView): readonly HTMLElement[] {
  const found = gates.map(({ mark, text }) =>
    element('li', {}, element('span', { class: 'mark', 'aria-hidden': 'true' }, mark), text),
  );
  return [
    element('h2', {}, 'The plan in short'),
    factList(facts),
    ...(found.length > 0
      ? [element('h2', {}, 'What the gates found'), element('ul', { class: 'gates' }, ...found)]
      : []),
    element('h2', {}, 'New since the last launch'),
    element('p', {}, since),
    ...(differences.length > 0 ? [changeTable(differences)] : []),
  ];
}

/** What is not as it was, under a heading. */
export const changePanels = (title: string, changes: readonly Change[]): readonly HTMLElement[] => [
  element('h2', {}, title),
  changeTable(changes),
];

const changeTable = (changes: readonly Change[]): HTMLElement =>
  element(
    'table',
    {},
    element('thead', {}, row('th', ['What', 'Before', 'Now'])),
    element('tbody', {}, ...changes.map(({ path, approved, now }) => row('td', [path, approved, now]))),
  );

const row = (cell: 'td' | 'th', texts: readonly string[]): HTMLTableRowElement =>
  element('tr', {}, ...texts.map((text) => element(cell, cell === 'th' ? { scope: 'col' } : {}, text)));
