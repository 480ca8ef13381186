/** Any value that survives a round trip through JSON text. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Largest input, output, variable or Assign of a state, in bytes of UTF-8 (AWS quota: 256 KiB). */
export const PAYLOAD_LIMIT = 262_144;

/** True when the text is larger than one payload may be. */
export function isOversize(text: string): boolean {
  return text.length > PAYLOAD_LIMIT || (text.length * 3 > PAYLOAD_LIMIT && Buffer.byteLength(text) > PAYLOAD_LIMIT);
}

/** Parses JSON text; undefined when it is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** Narrows to a JSON object: not null, not an array. */
export function isObject(value: unknown): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
