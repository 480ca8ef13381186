const DEADLINE_MS = 3000;

/**
 * What time somebody else's server says it is, to the second: by the Date header of any answer at all, plus how long a cache has kept it.
 * Throws when nobody answers, and when the answer tells no time.
 */
export async function readOutsideTime(url: string): Promise<Date> {
  const { headers, body } = await fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS) });
  await body?.cancel();
  const told = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(told)) throw new Error(`${new URL(url).host} tells no time`);
  return new Date(told + 1000 * Number(headers.get('age') ?? 0));
}
