import { isObject, parseJson } from '../json.ts';
import { checkFields, requireFields } from './check-fields.ts';
import { checkScope } from './check-scope.ts';
import type { Diagnostic, Report } from './diagnostic.ts';
import { MACHINE_FIELDS } from './state-fields.ts';

const LARGEST = 1_048_576;

/**
 * Everything that is wrong with a definition; none means the engine can run it. Refuses at load what would otherwise
 * fail, or be ignored, in the middle of a run: JSONPath, distributed Map, unknown fields and functions, bad targets.
 */
export function validateDefinition(text: string, kind: 'STANDARD' | 'EXPRESS' = 'STANDARD'): Diagnostic[] {
  const found: Diagnostic[] = [];
  const report: Report = (location, message, code = 'SCHEMA_VALIDATION_FAILED') => {
    found.push({ severity: 'ERROR', code, message, location });
  };
  const machine = text.length > LARGEST ? undefined : parseJson(text);
  if (!isObject(machine)) {
    report('/', 'the definition must be a JSON object of at most 1 MiB', 'INVALID_JSON_DESCRIPTION');
    return found;
  }
  const language = machine['QueryLanguage'];
  if (language !== 'JSONata') {
    report('/', "'QueryLanguage' must be 'JSONata' for the whole state machine; JSONPath is not supported");
  }
  checkFields(machine, MACHINE_FIELDS, '/', report);
  const timeout = machine['TimeoutSeconds'];
  if (timeout !== undefined && !(typeof timeout === 'number' && Number.isInteger(timeout) && timeout > 0)) {
    report('/TimeoutSeconds', "'TimeoutSeconds' must be a whole number from 1");
  }
  if (requireFields(machine, ['StartAt', 'States'], '/', report)) {
    checkScope(machine, { location: '/', express: kind === 'EXPRESS', outer: new Set() }, report);
  }
  return found;
}
