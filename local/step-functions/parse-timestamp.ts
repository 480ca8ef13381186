const FORM = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Milliseconds since the epoch of an ISO 8601 date and time with offset; undefined when it is none. */
export function parseTimestamp(text: string): number | undefined {
  const [, , month, day] = FORM.exec(text) ?? [];
  const at = month === undefined ? Number.NaN : Date.parse(text.toUpperCase());
  if (Number.isNaN(at)) return undefined;
  // Date.parse takes 30 February for 1 March
  const date = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return date.getUTCDate() === Number(day) ? at : undefined;
}
