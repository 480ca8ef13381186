/** Writes docs/runbook-trace.md from config/runbook-trace.yaml. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRunbookTrace } from '../adapters/yaml/read-runbook-trace.ts';
import { tracePage } from './trace-page.ts';

const root = join(import.meta.dirname, '..');
const file = 'config/runbook-trace.yaml';
writeFileSync(
  join(root, 'docs/runbook-trace.md'),
  tracePage(readRunbookTrace(readFileSync(join(root, file), 'utf8'), file)),
);
