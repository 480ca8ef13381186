/** What was found, by its id, and why some could not be read. What is in neither is not there. */
export type ReadEach<T> = { readonly found: ReadonlyMap<string, T>; readonly problems: ReadonlyMap<string, string> };

/** As many as one call of the store takes: where one of them cannot be read, the others of its call are read one by one. */
const TOGETHER = 100;

/** Many at a time, and one by one where that fails, so that a record that is not in order hides no other. Never throws. */
export async function readEach<Id extends string, T extends { readonly id: string }>(
  ids: readonly Id[],
  many: (ids: readonly Id[]) => Promise<readonly T[]>,
  one: (id: Id) => Promise<T | undefined>,
): Promise<ReadEach<T>> {
  const found = new Map<string, T>();
  const problems = new Map<string, string>();
  const keep = (each: T | undefined) => each && found.set(each.id, each);
  const alone = async (id: Id) => {
    try {
      keep(await one(id));
    } catch (fault) {
      problems.set(id, String(fault));
    }
  };
  const together = async (some: readonly Id[]) => {
    try {
      for (const each of await many(some)) keep(each);
    } catch {
      await Promise.all(some.map(alone));
    }
  };
  await Promise.all(parts(ids).map(together));
  return { found, problems };
}

const parts = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / TOGETHER) }, (_, part) =>
    all.slice(part * TOGETHER, (part + 1) * TOGETHER),
  );
