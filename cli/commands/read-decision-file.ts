import { readFile } from 'node:fs/promises';
import type { GoNoGoDecision } from '../../domain/launch/go-no-go-decision.ts';
import { decisionIn } from '../../domain/launch/read-decision.ts';
import { CliError } from '../cli-error.ts';

/** A `go-no-go.json` from the disk. */
export async function readDecisionFile(file: string): Promise<GoNoGoDecision> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new CliError(
      'usage',
      `${file} could not be read: ${error instanceof Error ? error.message : String(error)}`,
      'name a go-no-go.json',
    );
  });
  const decision = decisionIn(bytes);
  if (decision) return decision;
  throw new CliError(
    'usage',
    `${file} is no go/no-go decision`,
    'get it from the folder of the run, or with: tradepulse-cli runs gates <run> --save <file>',
  );
}
