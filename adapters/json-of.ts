/** What a text says; undefined where it is no JSON: the schema that looks at it says what is wrong. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
