const LINE = 500;
const LINES = 2_000;

/** Addresses that a rule of ours gives, never a person: the only links of a message. */
const LINKS: ReadonlySet<string> = new Set(['bridgeUrl']);

/** Of several lines. Every other fact is one. */
const LISTS: ReadonlySet<string> = new Set(['lines']);

/**
 * A fact as it may stand in a message: well-formed text without control characters, without those that change the direction of what
 * follows or cannot be seen, and of bounded length. What was cut ends in an ellipsis. Cleaning it again changes nothing.
 */
export function cleanFact(name: string, text: string): string {
  if (!LISTS.has(name)) return cut(cleanLine(text), LINE);
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).map(cleanLine);
  return cut(lines.filter((line) => line !== '').join('\n'), LINES);
}

/** Whether a fact is a link, and may be shown as one. */
export const isLink = (name: string, text: string): boolean => LINKS.has(name) && /^https:\/\/[^\s<>|"]+$/.test(text);

const cleanLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim();

/** By code points, so that no character is cut in half. */
export function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length > most
    ? `${characters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
    : text;
}
