const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Text that looks like what it is: characters that are invisible, or that turn the direction of reading, are written as JSON
 * escapes them (`\u202e`). Whoever wrote a reason could else make a document look like another one. Line feeds stay.
 */
export const plainText = (text: string): string =>
  text.replaceAll(INVISIBLE, (found) => (found === '\n' ? found : found.split('').map(escaped).join('')));

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
