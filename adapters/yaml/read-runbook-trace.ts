import * as z from 'zod';
import { problemLines, readYaml } from './read-yaml.ts';

const Words = z.string().min(1).max(1000);
const Place = z.string().regex(/^[a-z-]+\/.+$/, 'a folder or machine, a slash, and a name');

const Mapped = z.strictObject({
  text: Words,
  states: z.array(Place).default([]),
  lambdas: z.array(Place).default([]),
  functions: z.array(z.string().regex(/^domain\/[^#]+\.ts#\w+$/, 'domain/<file>.ts#<export>')).min(1),
  tests: z.array(z.string().regex(/^test\/\S+\.test\.ts > \S/, 'test/<file>.test.ts > <words of a title>')).min(1),
  /** What the item asks for and nothing does yet. */
  notBuilt: Words.optional(),
});
export type MappedItem = z.infer<typeof Mapped>;

const RunbookTrace = z.strictObject({
  items: z.record(z.string(), Mapped),
  /** States that carry no item, each with the reason. */
  excused: z.record(Place, Words),
});
export type RunbookTrace = z.infer<typeof RunbookTrace>;

/** `config/runbook-trace.yaml` from its text; `name` is what the error calls it. Throws with every mistake, each with its line. */
export function readRunbookTrace(text: string, name: string): RunbookTrace {
  const { value, problems } = readYaml(text, RunbookTrace);
  if (problems) throw new Error(`${name} is not valid:\n${problemLines(name, problems)}`);
  return value;
}
