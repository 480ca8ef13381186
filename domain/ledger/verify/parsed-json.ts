/** What JSON.parse gives. */
export type ParsedJson = null | boolean | number | string | ParsedJson[] | { [name: string]: ParsedJson };

/** The value of a JSON text; nothing where it is none. Never throws. */
export function parsedJson(text: string): ParsedJson | undefined {
  try {
    const value: ParsedJson = JSON.parse(text);
    return value;
  } catch {
    return undefined; // JSON.parse throws for no other reason
  }
}
