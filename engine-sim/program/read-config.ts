import { readFileSync } from 'node:fs';
import * as z from 'zod';

export type FileContent = Readonly<Record<string, unknown>>;

/** The JSON object in a configuration file, or an empty one without a file. Throws, naming the file, on anything else. */
export function readConfigFile(file: string | undefined): FileContent {
  if (file === undefined) return {};
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new Error(`cannot read the configuration ${file}: it must be a JSON object`, { cause: error });
  }
}

/** A configuration by its schema. Throws one readable sentence per wrong member. */
export function parseConfig<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`the configuration is not usable:\n${z.prettifyError(parsed.error)}`);
}

/** The members that were given: flags left out must not hide what the file says. */
export const given = (flags: Readonly<Record<string, unknown>>): FileContent =>
  Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
