/**
 * The answer, or an error once it took longer than so many milliseconds of the given clock. What was asked goes on by itself, and what it comes to
 * is nobody's business any more.
 */
export async function inTime<T>(
  what: string,
  ms: number,
  work: Promise<T>,
  pause: (ms: number) => Promise<void>,
): Promise<T> {
  work.catch(() => undefined);
  const late = pause(ms).then(() => {
    throw new Error(`${what} took more than ${ms} ms`);
  });
  late.catch(() => undefined);
  return Promise.race([work, late]);
}
