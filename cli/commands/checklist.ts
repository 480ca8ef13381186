import { Checklist, type ChecklistItem } from '../../domain/checklist/checklist.ts';
import { checklistPage, sectionOf } from '../../domain/checklist/checklist-page.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { ExitWith } from '../exit-with.ts';
import { table } from '../output/table.ts';

export type ChecklistOptions = { readonly markdown?: boolean; readonly json?: boolean; readonly open?: boolean };

const OPEN_BOX = 1;
const MARK = { ticked: '✓', attested: '✓', open: '✖', 'not-applicable': '-' } as const;

/** Runbook 8: every item of the runbook for one run, computed from its evidence. Exit code 0 when all boxes of section 8 are ticked, 1 when one is open. */
export async function checklist(context: Context, run: string, options: ChecklistOptions): Promise<void> {
  const { out } = context;
  const api = await context.api('read');
  const computed = await api.get(`/v1/runs/${encodeURIComponent(run)}/checklist`, Checklist);
  requireTrueDigest(computed);
  out.result(computed, textOf(context, computed, options));
  if (options.markdown || options.json) return;
  for (const item of computed.items.filter(({ status }) => status === 'open')) openNotes(context, item);
  if (computed.items.some(isOpenBox)) throw new ExitWith(OPEN_BOX);
}

const isOpenBox = ({ id, status }: ChecklistItem): boolean => /^8\.\d$/.test(id) && status === 'open';

function textOf({ out: { paint } }: Context, computed: Checklist, { markdown, json, open }: ChecklistOptions): string {
  if (markdown) return checklistPage(computed).trimEnd();
  if (json) return JSON.stringify(computed, undefined, 2);
  const { run, course, counts, items } = computed;
  const shown = items.filter(({ status }) => !open || status === 'open');
  const boxesFirst = [
    ...shown.filter(({ id }) => sectionOf(id) === '8'),
    ...shown.filter(({ id }) => sectionOf(id) !== '8'),
  ];
  const rows = boxesFirst.map(({ id, status, text, evidence }) => [
    ...[MARK[status], id, status, evidence.length],
    text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text,
  ]);
  const told = `${run}, ${course}: ${counts.ticked} ticked, ${counts.attested} attested, ${counts.open} open, ${counts['not-applicable']} without occasion`;
  return `${told}\n${table(paint, ['', 'item', 'status', 'evidence', 'runbook'], rows, 'nothing is open')}`;
}

const MOST_TEXT = 90;

function openNotes({ out }: Context, { id, missing, next }: ChecklistItem): void {
  for (const each of missing) out.note(`${id}: ${each}`);
  if (next !== undefined) out.note(`  ${next}`);
}

/** What is shown is what is signed when somebody attests an item of it. */
function requireTrueDigest({ run, items, digest }: Checklist): void {
  const actual = digestOf({ run, items });
  if (actual === digest) return;
  throw new CliError(
    'parity',
    `the items have the digest ${actual}, and the control plane says ${digest}`,
    'trust neither, and call the auditor',
    { code: 'DigestMismatch', facts: { expected: digest, actual } },
  );
}
