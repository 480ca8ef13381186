import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fromRoot } from './from-root.ts';

const digestOfFile = (path: string) =>
  `sha256:${createHash('sha256')
    .update(readFileSync(fromRoot(path)))
    .digest('hex')}`;

/** The runbook that is deployed, byte for byte, and the file that maps each of its items: what people attest. */
export const runbookDigests = () => ({
  text: digestOfFile('docs/runbook.md'),
  trace: digestOfFile('config/runbook-trace.yaml'),
});
