import { join } from 'node:path';

/** An absolute path of a file or folder of this repository, wherever the command was started. */
export const fromRoot = (...parts: readonly string[]) => join(import.meta.dirname, '..', ...parts);
