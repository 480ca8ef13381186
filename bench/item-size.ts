/** Bytes of an item as DynamoDB counts them: names and values in UTF-8, numbers by two digits a byte, and one byte for each member of a list or map. */
export const itemSize = (item: Readonly<Record<string, unknown>>): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);

const NESTED = 3;

function valueSize(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number')
    return Math.ceil(String(Math.abs(value)).replaceAll(/\D/g, '').length / 2) + 1 + Number(value < 0);
  if (value instanceof Uint8Array) return value.byteLength;
  if (typeof value !== 'object' || value === null) return value === undefined ? 0 : 1;
  const members = Array.isArray(value) ? value.length : Object.keys(value).length;
  return (
    NESTED +
    members +
    (Array.isArray(value) ? value.reduce((sum: number, each) => sum + valueSize(each), 0) : itemSize({ ...value }))
  );
}
