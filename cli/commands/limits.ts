import { problemLines, readYaml } from '../../adapters/yaml/read-yaml.ts';
import { StrategyId } from '../../domain/ids.ts';
import { RiskLimits, StrategyLimits } from '../../domain/launch/risk-limits.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { type LimitsColumn, type LimitsDifference, limitsDifferences } from '../../domain/limits/limits-differences.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { ExitWith } from '../exit-with.ts';
import { announceApprovals } from '../follow/next-signatures.ts';
import { readSmallFile } from '../manifest/small-file.ts';
import { utc } from '../output/marks.ts';
import { table } from '../output/table.ts';
import { Approval, LimitsChanged, LimitsView } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';

const MOST_BYTES = 60_000;
const DIFFERENT = 1;

/** Runbook 1.4: what is approved, stored and enforced, and what is proposed. */
export async function limitsShow(context: Context, { strategy }: { readonly strategy: string }): Promise<void> {
  const { out, command } = context;
  const view = await viewOf(context, strategy);
  const told = view.columns.map(({ name, digest, limits }) => [
    name,
    digest,
    limits === undefined ? 'not told' : JSON.stringify(limits),
  ]);
  out.result(view, table(out.paint, ['where', 'digest', 'limits'], told, ''));
  notes(context, view);
  const proposed = view.change?.proposed;
  if (proposed)
    out.note(`  ${proposed.by} proposed others at ${utc(proposed.at)}: ${command(`approve ${proposed.approval}`)}`);
}

/** The same field by field, where it is not the same; with a file, that is one place more. Exit code 0 when all is the same, 1 when not. */
export async function limitsDiff(
  context: Context,
  { strategy, file }: { readonly strategy: string; readonly file?: string },
): Promise<void> {
  const { out } = context;
  const view = await viewOf(context, strategy);
  const added = file === undefined ? [] : [{ name: 'file', ...ownPart(await limitsFile(file), strategy, file) }];
  const columns = withKnown([...added, ...view.columns.map(columnOf)]);
  const differences = limitsDifferences(columns);
  const same = differences.length === 0 && view.silent.length === 0 && !view.file?.problem;
  const names = columns.map(({ name }) => name);
  out.result({ ...view, columns, differences, same }, differenceTable(context, names, differences));
  notes(context, view);
  if (!same) throw new ExitWith(DIFFERENT);
}

export type LimitsApplyOptions = { readonly strategy: string; readonly file: string; readonly reason: string };

/** Proposes a limits file, and stores it once an execution trader and a risk officer have signed: the same command again. */
export async function limitsApply(context: Context, { strategy, file, reason }: LimitsApplyOptions): Promise<void> {
  const { out, surroundings, command } = context;
  const text = (await readSmallFile(file, MOST_BYTES)).toString('utf8');
  readable(text, file);
  const api = await context.api('operate');
  const changed = await api.post(strategyPath(strategy, 'limits'), LimitsChanged, {
    body: { file: text, reason },
    idempotencyKey: surroundings.newKey(),
  });
  out.step(changed.status === 'asked' ? 'running' : 'succeeded', changed.summary, undefined, changed);
  if (changed.differences.length > 0) out.note(differenceTable(context, ['stored', 'proposed'], changed.differences));
  if (changed.status !== 'asked' || !changed.approval) return;
  announceApprovals(context, [await api.get(`/v1/approvals/${encodeURIComponent(changed.approval)}`, Approval)]);
  out.note(`  when both have signed: ${command(`limits apply --strategy ${strategy} --file ${file} --reason '...'`)}`);
}

const viewOf = async (context: Context, strategy: string): Promise<LimitsView> =>
  (await context.api('read')).get(strategyPath(strategy, 'limits'), LimitsView);

function notes({ out }: Context, { file, silent }: LimitsView): void {
  if (!file) out.note('there is no limits file: no gate passes without one');
  if (file?.problem) out.note(file.problem);
  for (const { instanceId, reason } of silent) out.note(`${instanceId} does not say what it enforces: ${reason}`);
}

const columnOf = ({ name, digest, limits }: LimitsView['columns'][number]): LimitsColumn => ({
  ...{ name, digest },
  limits: StrategyLimits.safeParse(limits).data,
});

/** What a digest stands for, wherever one of the places tells it. */
const withKnown = (columns: readonly LimitsColumn[]): LimitsColumn[] =>
  columns.map((column) => {
    const known = columns.find(({ digest, limits }) => digest !== null && digest === column.digest && limits);
    return { ...column, limits: column.limits ?? known?.limits };
  });

function differenceTable({ out }: Context, names: readonly string[], differences: readonly LimitsDifference[]): string {
  const rows = differences.map(({ path, values }) => [path, ...names.map((name) => values[name])]);
  return table(out.paint, ['field', ...names], rows, 'the limits are the same everywhere');
}

const limitsFile = async (path: string): Promise<RiskLimits> =>
  readable((await readSmallFile(path, MOST_BYTES)).toString('utf8'), path);

/** Judged here, with the line of every mistake, before anybody is asked anything. */
function readable(text: string, path: string): RiskLimits {
  const { value, problems } = readYaml(text, RiskLimits);
  if (value) return value;
  throw new CliError('usage', `these are no limits:\n${problemLines(path, problems)}`, 'mend what is named', {
    code: 'InvalidLimits',
    facts: { problems },
  });
}

function ownPart({ strategies }: RiskLimits, strategy: string, path: string): Pick<LimitsColumn, 'digest' | 'limits'> {
  const id = StrategyId.safeParse(strategy).data;
  const limits = id && strategies[id];
  if (limits) return { digest: digestOf(limits), limits };
  throw new CliError('usage', `${path} has no limits for ${strategy}`, 'name the strategy as that file does');
}
