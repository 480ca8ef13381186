import type * as z from 'zod';

/** A mistake in a file: what is wrong, and where, both counted from 1. */
export type FileProblem = { readonly line: number; readonly column: number; readonly reason: string };

/** A YAML 1.2 (and so JSON) file against its schema: the value, or every mistake with its line. Aliases and nesting are bounded. */
export type ReadYaml = <Schema extends z.ZodType>(
  text: string,
  schema: Schema,
) =>
  | { readonly value: z.output<Schema>; readonly problems?: undefined }
  | { readonly value?: undefined; readonly problems: readonly FileProblem[] };
