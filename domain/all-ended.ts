/** What each of them came to, once all have ended: a fault keeps no other from its end. Throws an AggregateError that says every fault, if there is one. */
export async function allEnded<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const ended = await Promise.allSettled(work);
  const faults = ended.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  if (faults.length > 0) throw new AggregateError(faults, faults.map(String).join('; '));
  return Promise.all(work);
}
