import type { Context } from '../context.ts';
import { MARKS, utc } from '../output/marks.ts';
import { pairs, table } from '../output/table.ts';
import { SmokeReport } from '../replies.ts';

/** The smoke report of a launch or a validation (runbook 2.4). */
export async function smoke(context: Context, run: string): Promise<void> {
  const api = await context.api('read');
  const report = await api.get(`/v1/runs/${encodeURIComponent(run)}/smoke`, SmokeReport);
  context.out.result(report, smokeText(context, report));
}

type Instance = SmokeReport['instances'][number];
type Band = Instance['bands'][number];

/** The report for people: what was replayed, and one line for each band of each instance with the last good run beside it. */
export function smokeText({ out: { paint } }: Pick<Context, 'out'>, report: SmokeReport): string {
  const { lastGood } = report;
  const facts = pairs(paint, [
    ['run', report.run],
    ['verdict', report.verdict],
    ['replayed', `${report.windowMinutes} recorded trading minutes in ${report.mode}`],
    ['last good', lastGood ? `${lastGood.run}, ${utc(lastGood.at)}` : 'none yet'],
    ['report', `${report.key} ${report.hash}`],
  ]);
  const head = ['', 'instance', 'band', 'measured', 'agreed', 'last good', 'change'];
  const rows = report.instances.flatMap((instance) => instance.bands.map((band) => rowOf(instance, band)));
  const minutes = report.instances.map((instance) => `  ${minutesOf(instance)}`);
  return [facts, '', table(paint, head, rows, 'no instance has replayed anything'), '', ...minutes].join('\n');
}

const rowOf = ({ instanceId }: Instance, { band, verdict, unit, ...values }: Band): string[] => [
  verdict === 'passed' ? MARKS.succeeded : MARKS.failed,
  instanceId,
  band,
  `${plain(values.measured)} ${unit}${verdict === 'inconclusive' ? ' (inconclusive)' : ''}`,
  bounds(values),
  plain(values.lastGood),
  signed(values.difference),
];

function bounds({ min, max }: Pick<Band, 'min' | 'max'>): string {
  if (min === null) return max === null ? 'shown only' : `<= ${plain(max)}`;
  return min === max ? plain(min) : `${plain(min)} to ${plain(max)}`;
}

/** Which minutes an instance replayed, and how old they are; or why it replayed none. */
function minutesOf({ instanceId, window, problem, artifactDigest }: Instance): string {
  if (!window) return `${MARKS.failed} ${instanceId}: ${problem?.message ?? 'no report'}`;
  const span = `${utc(window.from)} to ${utc(window.to)}, ${plain(window.spanMinutes)} min with closed hours and gaps`;
  return `${instanceId}: ${span}, ${plain(window.ageHours)} h old; artifact ${artifactDigest ?? 'not told'}`;
}

const plain = (value: number | null): string => (value === null ? '-' : String(Math.round(value * 100) / 100));
const signed = (value: number | null): string => (value !== null && value > 0 ? `+${plain(value)}` : plain(value));
