/** Text that others wrote, as one cell of a Markdown table: on one line, and nothing in it means anything to Markdown or HTML. */
export const markdownCell = (text: string): string =>
  text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll('\\', '\\\\')
    .replaceAll(/[|<>`[\]*_]/g, '\\$&');
