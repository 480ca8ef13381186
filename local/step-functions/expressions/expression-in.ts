/** The JSONata text inside `{% ... %}`, or undefined when the string is a plain value. */
export function expressionIn(text: string): string | undefined {
  return text.startsWith('{%') && text.endsWith('%}') && text.length >= 4 ? text.slice(2, -2).trim() : undefined;
}
