const WORD = /<([A-Za-z][A-Za-z0-9]*)>/g;

/** The facts that a template names, as `<word>`. */
export const wordsOf = (template: string): string[] => [...template.matchAll(WORD)].map(([, word = '']) => word);

/** Whether every `<` and `>` of a template belongs to a `<word>`. */
export const isWellFormed = (template: string): boolean => !/[<>]/.test(template.replace(WORD, ''));

/** A template with every `<word>` replaced by what `say` makes of it, and all that is literal by what `literal` does. Nothing that comes in is read again. */
export function fillTemplate(
  template: string,
  say: (word: string) => string,
  literal: (text: string) => string,
): string {
  const parts = template.split(WORD); // a split by one group gives text and word in turns
  return parts.map((part, at) => (at % 2 === 0 ? literal(part) : say(part))).join('');
}
