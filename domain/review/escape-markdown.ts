/**
 * Text of other people within a line of Markdown: no line breaks and no invisible marks, and nothing in it that a renderer would take for HTML, a link,
 * a table or a heading. What is read on the page is what was written.
 */
export const escapeMarkdown = (value: unknown): string =>
  String(value)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, ' ')
    .replace(/[\\|<>&`*_[\]~@]/g, (mark) => `\\${mark}`)
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/\bwww\./gi, (mark) => mark.replace('.', '\\.'))
    .replace(
      /^(\s*)(#|[-+=](?=[\s=-]|$)|\d+[.)](?=\s|$))/,
      (_, space: string, mark: string) => `${space}${mark.slice(0, -1)}\\${mark.slice(-1)}`,
    );

type Row = readonly unknown[];

const line = (row: Row) => `| ${row.map(escapeMarkdown).join(' | ')} |`;

/** A table, every cell escaped; `None.` where it has no rows. */
export const markdownTable = (heads: Row, rows: readonly Row[]): string =>
  rows.length === 0 ? 'None.' : [line(heads), `|${heads.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
