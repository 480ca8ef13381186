import * as z from 'zod';
import { digestOf } from '../ledger/digest.ts';
import { FACTS_OF_TRIGGER, isFactOf } from './facts-of-trigger.ts';
import { Channel, type Matrix, Row } from './matrix.ts';
import { isWellFormed, wordsOf } from './template.ts';
import { Trigger } from './trigger.ts';

type Refuse = (path: PropertyKey[], message: string) => void;
type Channels = Readonly<Record<string, Channel>>;

const Name = z.string().min(1).max(60);

/**
 * `config/communications.yaml`: the channels that this desk has, and a row of the matrix (runbook section 6) for every trigger, so that none is
 * forgotten by leaving it out. Refused are channels and words that nobody knows, what is said twice, escalations that lead back, and addresses in
 * a template: links come from rules of ours, and never ask to approve anything.
 */
export const MatrixFile = z
  .strictObject({ channels: z.record(Name, Channel), rows: z.record(Trigger, Row) })
  .superRefine(({ channels, rows }, context) => {
    const refuse: Refuse = (path, message) => context.addIssue({ code: 'custom', path, message });
    for (const trigger of Trigger.options) {
      const own: Refuse = (path, message) => refuse(['rows', trigger, ...path], message);
      judgeTemplate('template', trigger, rows[trigger], own);
      judgeTemplate('more', trigger, rows[trigger], own);
      judgeChannels(rows[trigger], channels, own);
      judgePage(trigger, rows, channels, own);
    }
  });
export type MatrixFile = z.infer<typeof MatrixFile>;

/** The file as it is stored, with the digest of all it says. */
export const matrixOf = ({ channels, rows }: MatrixFile): Matrix => ({
  id: 'communications',
  digest: digestOf({ channels, rows }),
  channels,
  rows,
});

function judgeTemplate(part: 'template' | 'more', trigger: Trigger, row: Row, refuse: Refuse): void {
  const text = row[part] ?? '';
  const known = () => FACTS_OF_TRIGGER[trigger].map((fact) => `<${fact}>`).join(' ');
  if (!isWellFormed(text)) refuse([part], `a < or > belongs to no <word>; there are ${known()}`);
  for (const word of wordsOf(text).filter((each) => !isFactOf(trigger, each)))
    refuse([part], `<${word}> is nothing that ${trigger} tells; there are ${known()}`);
  if (part === 'template' && /[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) refuse([part], 'is one line: put the rest into more');
  if (/:\/\/|\bwww\./i.test(text))
    refuse([part], 'holds an address: only facts are links, and none of them approves anything');
}

function judgeChannels({ channels, escalateTo, audience }: Row, known: Channels, refuse: Refuse): void {
  for (const [part, names] of Object.entries({ channels, escalateTo })) {
    names.forEach((name, at) => {
      if (!known[name]) refuse([part, at], `${name} is no channel; there are ${Object.keys(known).join(', ')}`);
      else if (names.indexOf(name) < at) refuse([part, at], `${name} stands there twice`);
    });
  }
  audience.forEach((name, at) => {
    if (audience.indexOf(name) < at) refuse(['audience', at], `${name} stands there twice`);
  });
  escalateTo.forEach((name, at) => {
    if (channels.includes(name))
      refuse(['escalateTo', at], `${name} has failed already by then: it is one of the channels of this row`);
  });
}

/** What a pager is told must be said, and what acknowledges or resolves an incident must name one that is triggered. */
function judgePage(trigger: Trigger, rows: MatrixFile['rows'], known: Channels, refuse: Refuse): void {
  const { channels, escalateTo, page, of } = rows[trigger];
  const pagers = [...channels, ...escalateTo].filter((name) => known[name]?.via === 'pagerduty');
  if (pagers.length > 0 && !page) refuse([], `${pagers[0]} is a pager: say page: trigger, acknowledge or resolve`);
  if (page && pagers.length === 0) refuse(['page'], 'none of its channels is a pager');
  if (of && !page) refuse(['of'], 'belongs to page: trigger, acknowledge or resolve');
  if (page && page !== 'trigger' && !of) refuse(['page'], `say of which trigger: of: kill-switch, for example`);
  if (of && rows[of].page !== 'trigger') refuse(['of'], `${of} triggers no page`);
}
