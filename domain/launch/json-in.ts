/** What stands in the bytes of a JSON document; nothing where they are none. A schema says what becomes of that. */
export function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
