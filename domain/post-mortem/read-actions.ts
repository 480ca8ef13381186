import * as z from 'zod';
import type { Line, Mistake } from './read-post-mortem.ts';
import { ACTION_COLUMNS } from './sections.ts';

const MOST_ACTIONS = 100;

const text = (name: string, most: number) =>
  z.string().min(1, `${name} is empty`).max(most, `${name} has more than ${most} characters`);

/** One row of the table, cell by cell. `evidence` is empty until the action is done. */
const Row = z.object({
  text: text('the action', 500),
  owner: text('the owner', 100),
  due: z.iso.date('due is no date like 2026-12-31'),
  blocking: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['yes', 'no'], 'blocking is neither yes nor no'))
    .transform((answer) => answer === 'yes'),
  evidence: z.string().max(500, 'the evidence has more than 500 characters'),
});
export type WrittenAction = z.infer<typeof Row>;

/** The corrective actions of a post-mortem, in the order of their rows, and what is wrong with the table. */
export function readActions(lines: readonly Line[]): { actions: WrittenAction[]; mistakes: Mistake[] } {
  const [head, rule, ...rows] = lines.filter(({ text: line }) => line.trim().startsWith('|'));
  if (!head || !rule) return { actions: [], mistakes: missingTable(lines) };
  const judged = rows.map(judge);
  return {
    actions: judged.flatMap(({ action }) => action ?? []),
    mistakes: [...headMistakes(head), ...countMistakes(head, rows), ...judged.flatMap(({ mistakes }) => mistakes)],
  };
}

/** A section without a line is missing, or empty, and said to be so already. */
const missingTable = (lines: readonly Line[]): Mistake[] => {
  const first = lines.find(({ text: line }) => line.trim() !== '');
  return first
    ? [{ line: first.number, reason: `there is no table with the columns ${ACTION_COLUMNS.join(', ')}` }]
    : [];
};

function headMistakes(head: Line): Mistake[] {
  const named = cellsOf(head).map((cell) => cell.toLowerCase());
  return named.join() === ACTION_COLUMNS.join()
    ? []
    : [{ line: head.number, reason: `the columns have to be ${ACTION_COLUMNS.join(', ')}` }];
}

function countMistakes(head: Line, rows: readonly Line[]): Mistake[] {
  if (rows.length === 0) return [{ line: head.number, reason: 'there is no corrective action' }];
  if (rows.length <= MOST_ACTIONS) return [];
  return [{ line: head.number, reason: `there are ${rows.length} actions, more than ${MOST_ACTIONS}` }];
}

function judge(line: Line): { action?: WrittenAction; mistakes: Mistake[] } {
  const cells = cellsOf(line);
  if (cells.length !== ACTION_COLUMNS.length)
    return {
      mistakes: [
        {
          line: line.number,
          reason: `a row has ${ACTION_COLUMNS.length} cells, this one ${cells.length}; a bar is written \\|`,
        },
      ],
    };
  const [action, owner, due, blocking, evidence] = cells;
  const parsed = Row.safeParse({ text: action, owner, due, blocking, evidence: evidence === '-' ? '' : evidence });
  if (parsed.success) return { action: parsed.data, mistakes: [] };
  return { mistakes: parsed.error.issues.map(({ message }) => ({ line: line.number, reason: message })) };
}

/** The cells between the bars; `\|` is a bar within a cell. */
function cellsOf({ text: line }: Line): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.replaceAll('\\|', '|').trim());
}
