import { escapeMarkdown } from '../review/escape-markdown.ts';
import type { Checklist, ChecklistItem, ItemStatus } from './checklist.ts';

const BOXES: Readonly<Record<ItemStatus, string>> = {
  ticked: '- [x]',
  attested: '- [x] (attested)',
  open: '- [ ]',
  'not-applicable': '- (not applicable)',
};

const SECTIONS = [
  ['8', '8. Checklist summary'],
  ['1', '1. Preconditions and environment checks'],
  ['2', '2. Launch procedure'],
  ['go-no-go', '2. Go/No-Go criteria'],
  ['3', '3. Routine monitoring'],
  ['4', '4. Planned stop procedure'],
  ['5.1', '5.1 Kill-switch activation'],
  ['5.2', '5.2 Market data outage'],
  ['5.3', '5.3 Execution venue instability'],
  ['6', '6. Communication matrix'],
  ['7', '7. Post-run activities'],
] as const;

/** The section of an item: `5.1` of `5.1.2`. */
export const sectionOf = (id: string): string => id.slice(0, id.lastIndexOf('.'));

/** The checklist as a page of Markdown: the boxes of section 8 first, then every item that they rest on. What people or engines wrote marks nothing up. */
export function checklistPage({ run, strategyId, startedAt, course, counts, items, digest }: Checklist): string {
  const told = `${counts.ticked} ticked by evidence, ${counts.attested} attested, ${counts.open} open, ${counts['not-applicable']} without occasion`;
  const sections = SECTIONS.flatMap(([section, title]) => [
    ...['', `## ${title}`, ''],
    ...items.filter(({ id }) => sectionOf(id) === section).flatMap(itemLines),
  ]);
  const head = [`# Checklist of ${run}`, '', `${strategyId}, started ${startedAt}: ${course}. ${told}.`, ''];
  return `${[...head, `Digest of the items: \`${digest}\``, ...sections].join('\n')}\n`;
}

function itemLines({ id, text, status, reason, evidence, missing, next }: ChecklistItem): string[] {
  return [
    `${BOXES[status]} **${id}** ${text}`,
    ...(reason === undefined ? [] : [`  - ${escapeMarkdown(reason)}`]),
    ...evidence.map(({ hash, source, at }) => `  - ${[source, at, hash].map(escapeMarkdown).join(', ')}`),
    ...missing.map((each) => `  - missing: ${escapeMarkdown(each)}`),
    ...(next === undefined ? [] : [`  - next: ${escapeMarkdown(next)}`]),
  ];
}
