import { writeFile } from 'node:fs/promises';
import type { Finding, GateResult } from '../../domain/launch/finding.ts';
import type { GoNoGoDecision } from '../../domain/launch/go-no-go-decision.ts';
import { GatesOfRun } from '../../domain/launch/read-gates.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { findingLine } from '../follow/require-success.ts';
import { readDecisionFile } from './read-decision-file.ts';
import { replayDecision } from './replay-decision.ts';

export type RunsGatesOptions = { readonly replay?: boolean; readonly file?: string; readonly save?: string };

/** Every gate of a run with all its findings; `--replay` computes the go/no-go verdict again from its archived evidence, without the control plane where `--file` gives that. */
export async function runsGates(context: Context, id: string | undefined, options: RunsGatesOptions): Promise<void> {
  if (options.file !== undefined) return replayDecision(context, await readDecisionFile(options.file));
  if (id === undefined)
    throw new CliError(
      'usage',
      'which run? name one, or a file',
      'tradepulse-cli runs gates <run>, or --replay --file go-no-go.json',
    );
  const api = await context.api('read');
  const gates = await api.get(`/v1/runs/${encodeURIComponent(id)}/gates`, GatesOfRun);
  if (options.save !== undefined) await save(context, gates, options.save);
  if (options.replay) return replayDecision(context, requireDecision(gates));
  context.out.result(gates, gatesText(context, gates));
}

function requireDecision({ decision, run }: GatesOfRun): GoNoGoDecision {
  if (decision) return decision;
  throw new CliError(
    'state',
    `${run} came to no go/no-go decision`,
    `look at what it came to: tradepulse-cli runs gates ${run}`,
  );
}

async function save({ out }: Context, gates: GatesOfRun, file: string): Promise<void> {
  await writeFile(file, `${JSON.stringify(requireDecision(gates), undefined, 2)}\n`, { flag: 'wx' }).catch(
    (error: unknown) => {
      throw new CliError(
        'usage',
        `${file} was not written: ${error instanceof Error ? error.message : String(error)}`,
        'name another file',
      );
    },
  );
  out.note(`saved ${file}; replay it anywhere: tradepulse-cli runs gates --replay --file ${file}`);
}

const MARK = { go: '✓', warn: '!', postpone: '✖', 'no-go': '✖' } as const;

function gatesText({ out: { paint } }: Context, { run, files }: GatesOfRun): string {
  if (files.length === 0) return `${run}: no gate was judged yet`;
  const text = files.map(({ file, hash, gates }) =>
    [paint('bold', `${file}  ${hash}`), ...gates.flatMap(gateLines)].join('\n'),
  );
  return [run, ...text].join('\n\n');
}

/** Those that say no first: whoever reads one line reads why. */
function gateLines({ summary, verdict, findings }: GateResult): string[] {
  const order = ['no-go', 'postpone', 'warn', 'go'];
  const sorted = findings.toSorted((left, right) => order.indexOf(left.verdict) - order.indexOf(right.verdict));
  return [
    `${MARK[verdict]} ${summary} (${verdict})`,
    ...sorted.map((finding) => `    ${MARK[finding.verdict]} ${line(finding)}`),
  ];
}

function line(finding: Finding): string {
  const { check, actual, verdict, hard } = finding;
  if (verdict === 'go') return `${check}: ${actual}`;
  const soft = verdict === 'no-go' && !hard ? ' (two designated people may override it)' : '';
  return `${findingLine(finding)}${soft}`;
}
