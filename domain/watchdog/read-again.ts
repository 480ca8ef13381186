/** What is read now; where that fails, which `failed` is told, what was read before: in the memory of a watch of two minutes nothing is older than that. */
export async function readAgain<T>(
  before: T | undefined,
  read: () => Promise<T>,
  failed: (fault: unknown) => void,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (fault) {
    failed(fault);
    return before;
  }
}
