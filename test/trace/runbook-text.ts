/** One item of the runbook as its text has it: the words to the letter, line breaks as spaces, cells of a table row parted by ` | `. */
export type TextItem = { readonly id: string; readonly text: string };

const HEADING = /^#{2,3} (?<id>\d+(?:\.\d+)?)\.? /;
const NUMBERED = /^(?<id>\d+)\. (?<text>.*)$/;
const BULLET = /^- (?:\[ \] )?(?<text>.*)$/;
const STEP = /^\| (?<id>\d+) \| (?<text>.*)$/;
const UPKEEP = /^Keeping this runbook current/;

type Found = { readonly id: string; text: string };

/** Every item of the runbook in its order: numbered steps, rows of tables, criteria, check boxes, and the duty to keep it current. */
export function runbookItemsIn(markdown: string): TextItem[] {
  const found: Found[] = [];
  let at = { section: '', criteria: false, bullets: 0 };
  for (const line of markdown.split('\n')) {
    at = placeOf(line, at);
    if (beginsItem(line, at.section)) found.push({ id: idOf(line, at), text: textOf(line) });
    else goesOn(found, line);
  }
  return found.map(({ id, text }) => ({ id, text: text.replace(/ \|$/, '').trim() }));
}

/** Where a line stands: its section, whether below the criteria, and how many bullets or rows without a number there are so far. */
function placeOf(line: string, before: Place): Place {
  const section = HEADING.exec(line)?.groups?.['id'];
  if (section !== undefined) return { section, criteria: false, bullets: 0 };
  if (line.startsWith('**Go/No-Go')) return { ...before, criteria: true, bullets: 0 };
  const counts = BULLET.test(line) || isRowOfMatrix(line, before.section);
  return counts ? { ...before, bullets: before.bullets + 1 } : before;
}

type Place = { readonly section: string; readonly criteria: boolean; readonly bullets: number };

const isRowOfMatrix = (line: string, section: string) => section === '6' && /^\| (?!Trigger|---)/.test(line);

const beginsItem = (line: string, section: string): boolean =>
  [NUMBERED, BULLET, STEP, UPKEEP].some((form) => form.test(line)) || isRowOfMatrix(line, section);

function idOf(line: string, at: Place): string {
  if (UPKEEP.test(line)) return `${at.section}.upkeep`;
  const step = (NUMBERED.exec(line) ?? STEP.exec(line))?.groups?.['id'];
  if (step !== undefined) return `${at.section}.${step}`;
  return at.criteria ? `go-no-go.${at.bullets}` : `${at.section}.${at.bullets}`;
}

const textOf = (line: string): string =>
  [NUMBERED, BULLET, STEP].map((form) => form.exec(line)?.groups?.['text']).find((text) => text !== undefined) ??
  line.replace(/^\| /, '');

/** What stands below an item and begins none belongs to it; tables' heads and what stands between paragraphs do not. */
function goesOn(found: readonly Found[], line: string): void {
  const last = found.at(-1);
  if (last && (/^ {2,}\S/.test(line) || UPKEEP.test(last.text))) last.text += ` ${line.trim()}`;
}
