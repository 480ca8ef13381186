import { CliError } from '../cli-error.ts';
import { exitOf } from '../exit-codes.ts';
import type { Finding, Run } from '../replies.ts';

/** Turns a run that ended without success into the error of the command, with every finding that said no, in plain words. */
export function requireSuccess(run: Run): void {
  if (run.status === 'SUCCEEDED') return;
  const failure = run.failure ?? defaultFailure(run);
  const noes = (failure.findings ?? []).filter(({ verdict }) => verdict === 'no-go' || verdict === 'postpone');
  const list = noes.map((finding) => `\n    ✖ ${findingLine(finding)}`).join('');
  throw new CliError(
    exitOf(failure.code),
    `${run.id} ${ENDINGS[run.status]}: ${failure.message}${list}`,
    nextOf(run, noes),
    {
      code: failure.code,
      facts: { run: run.id, status: run.status, findings: failure.findings ?? [] },
    },
  );
}

/** One finding as a sentence: what was looked at, what was expected, what was there. */
export const findingLine = ({ check, expected, actual }: Finding): string =>
  `${check}: expected ${plain(expected)}, found ${plain(actual)}`;

const ENDINGS: Record<Exclude<Run['status'], 'SUCCEEDED'>, string> = {
  RUNNING: 'is still running',
  FAILED: 'did not go through',
  TIMED_OUT: 'timed out',
  ABORTED: 'was aborted',
};

const defaultFailure = ({ status, summary }: Run) => ({
  code: status === 'TIMED_OUT' ? 'States.Timeout' : status,
  message: summary ?? 'no reason was recorded',
  findings: [],
});

function nextOf(run: Run, noes: readonly Finding[]): string {
  const look = `look at it: tradepulse-cli runs ${run.id}`;
  if (run.machine !== 'launch') return run.failure?.next ? `${run.failure.next}; ${look}` : look;
  if (noes.length > 0)
    return `mend what the ${noes.length === 1 ? 'line' : 'lines'} above name, then launch again; everything was released`;
  return `${look}; then launch again`;
}

const plain = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
