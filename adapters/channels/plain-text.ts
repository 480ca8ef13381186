/** Well-formed text whose only control characters are the ends of its lines. */
export const linesOf = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/gu, '\n')
    .replaceAll(/[^\P{Cc}\n]/gu, ' ')
    .trim();

/** The same without what is invisible or turns text around. */
export const plainText = (text: string): string => linesOf(text).replaceAll(/\p{Cf}/gu, '');

/** The same on one line: what stands in a header, a subject or a summary can begin no second one. */
export const oneLine = (text: string): string => plainText(text).replaceAll(/\s+/g, ' ');

/** At most `max` UTF-16 code units, no character cut in half; what is left out is shown by an ellipsis. */
export function cutTo(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
