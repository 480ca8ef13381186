import { ACTION_COLUMNS, ACTIONS, SECTIONS, type SectionTitle, titleOf } from './sections.ts';

/** An entry of the kill's log, as far as a timeline tells it. */
export type TimelineEntry = {
  readonly at: string;
  readonly type: string;
  readonly actor: string;
  readonly run?: string | undefined;
};

export type Drafted = {
  readonly run: string;
  /** Digest of the kill certificate. */
  readonly certificate: string;
  /** Residual exposure, in plain words. */
  readonly exposure: readonly string[];
  readonly entries: readonly TimelineEntry[];
};

/** Runbook 5.1.4: a post-mortem to be filled in, with what the ledger knows. It is refused as long as a section holds nothing but its hint. */
export function draftPostMortem(drafted: Drafted): string {
  const known: Partial<Record<SectionTitle, string>> = {
    Timeline: timeline(drafted.entries),
    'Kill certificate': drafted.certificate,
    Exposure: drafted.exposure.map((line) => `* ${plain(line)}`).join('\n'),
    [ACTIONS]: [row(ACTION_COLUMNS), row(ACTION_COLUMNS.map(() => '---'))].join('\n'),
  };
  const sections = SECTIONS.map(({ title, hint }) =>
    [`## ${title}`, `<!-- ${hint} -->`, known[title]].filter((part) => part !== undefined && part !== '').join('\n\n'),
  );
  return [titleOf(drafted.run), ...sections].join('\n\n').concat('\n');
}

const timeline = (entries: readonly TimelineEntry[]): string =>
  [
    row(['when', 'what', 'who']),
    row(['---', '---', '---']),
    ...entries.map(({ at, type, actor }) => row([at, type, actor])),
  ].join('\n');

const row = (cells: readonly string[]): string => `| ${cells.map(plain).join(' | ')} |`;

/** Text of others stays where it stands: one line, no bars, no comment. */
const plain = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replaceAll('|', '\\|')
    .replaceAll('<!--', '<! --');
