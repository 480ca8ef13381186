/** What came of one of several things done at the same time; throws what it failed with. */
export function resultOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'fulfilled') return settled.value;
  throw settled.reason;
}
