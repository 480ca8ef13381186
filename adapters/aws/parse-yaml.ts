import { parse } from 'yaml';

const MAX_ALIASES = 20; // a bomb multiplies aliases; honest files have few

/** YAML 1.2 and JSON to a value; text that is neither is nothing at all. */
export function parseYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: MAX_ALIASES, prettyErrors: false }) as unknown;
  } catch {
    return undefined; // the schema of whoever reads it says what is missing
  }
}
