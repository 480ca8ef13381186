import type { Beat, Monitored, MonitoredInstance, MonitorsList } from '../monitor-replies.ts';
import { duration, MARKS, type Paint, utc } from './marks.ts';
import { table } from './table.ts';

/** A figure with its name, as a column or, where the terminal is narrow, as words. */
type Cell = readonly [name: string, text: string];

const COMPONENTS: Readonly<Record<string, string>> = {
  marketData: 'market data',
  featureStore: 'features',
  executionGateway: 'gateway',
  orderAcknowledgements: 'acks',
  riskService: 'risk',
};

/** Runbook 3 at one glance: one line for each instance where the terminal is wide enough, else a paragraph; what is wrong has a mark, not only a colour. */
export function monitorsTable(paint: Paint, list: MonitorsList, columns: number): string {
  const rows = list.strategies.flatMap((one) =>
    one.instances.map((instance) => ({ one, instance, cells: cellsOf(one, instance) })),
  );
  const names = rows[0]?.cells.map(([name]) => name) ?? [];
  const wide = table(
    paint,
    ['instance', ...names],
    rows.map(({ instance, cells }) => [instance.instanceId, ...cells.map(([, text]) => text)]),
    'no strategy is registered',
  );
  const paragraphs = rows.map(({ one, instance, cells }) =>
    [paint('bold', `${instance.instanceId} of ${one.strategyId}`), ...wrapped(cells, columns)].join('\n'),
  );
  const fits = wide.split('\n').every((line) => plainLength(line) <= columns);
  const below = list.strategies.flatMap((one) => notes(paint, one));
  return [
    ...head(paint, list),
    '',
    fits ? wide : paragraphs.join('\n'),
    ...(below.length > 0 ? ['', ...below] : []),
  ].join('\n');
}

function head(paint: Paint, { at, watchdog, hasThresholds, strategies }: MonitorsList): string[] {
  const clocks = new Map(strategies.flatMap(({ venue, at: { local } }) => (local ? [[venue, local] as const] : [])));
  const times = [utc(at), ...[...clocks].map(([venue, local]) => `${venue} ${local}`)];
  const { ageMs, isLate } = watchdog;
  const looked = ageMs === null ? 'the watchdog has not run yet' : `the watchdog looked ${duration(ageMs)} ago`;
  return [
    times.join('   '),
    isLate ? paint('failed', `${MARKS.failed} ${looked}: nobody acts on what is wrong below`) : looked,
    ...(hasThresholds ? [] : [paint('failed', `${MARKS.failed} no thresholds are registered: nothing is judged`)]),
  ];
}

function cellsOf(one: Monitored, { holdsLease, leaseAgeMs, beats, latency, ...instance }: MonitoredInstance): Cell[] {
  const { mode, drift, limitUse, alerts } = one;
  return [
    ['mode', mode],
    ['lease', leaseAgeMs === null ? `none ${MARKS.failed}` : marked(duration(leaseAgeMs), !holdsLease)],
    ...beats.map((beat): Cell => [COMPONENTS[beat.component] ?? beat.component, beatText(beat)]),
    ['p50/p95/p99', latencyText(latency)],
    ['drift', drift ? marked(`${percent(drift.share)} of ${percent(drift.limit)}`, drift.share > drift.limit) : '?'],
    ['limits', limitText(limitUse)],
    ['open', String(instance.openOrders ?? '?')],
    ['backlog', String(instance.queueBacklog ?? '?')],
    ['alerts', alerts.length === 0 ? 'none' : marked(String(alerts.length), true)],
  ];
}

const marked = (text: string, isWrong: boolean): string => (isWrong ? `${text} ${MARKS.failed}` : text);

/** Age of SLA, in seconds, and how many cycles are missed. */
function beatText({ ageMs, slaMs, missed }: Beat): string {
  const age = ageMs === null ? 'none' : `${(ageMs / 1000).toFixed(1)}/${slaMs / 1000} s`;
  return missed > 0 ? `${age} ${MARKS.failed}${missed}` : age;
}

function latencyText(latency: MonitoredInstance['latency']): string {
  if (!latency) return 'no orders';
  const { p50Ms, p95Ms, p99Ms, limitMs, samples, spanMs } = latency;
  const times = [p50Ms, p95Ms, p99Ms].map(Math.round).join('/');
  return `${marked(`${times} of ${limitMs} ms`, p95Ms >= limitMs)} (${samples} in ${Math.round(spanMs / 1000)} s)`;
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 2 : 0)} %`;

/** Below its first step the watchdog tells no figure. */
function limitText(use: Monitored['limitUse']): string {
  if (use?.share !== undefined) return marked(percent(use.share), use.share >= 1);
  return use?.below === undefined ? '?' : `<${percent(use.below)}`;
}

/** What holds a strategy back, and what is open. */
function notes(paint: Paint, { strategyId, restriction, safeMode, alerts }: Monitored): string[] {
  const causes = restriction?.causes.map(({ reason }) => reason).join('; ');
  return [
    ...(restriction ? [`${MARKS.running} ${strategyId} is ${restriction.mode}: ${causes}`] : []),
    ...(safeMode ? [`${MARKS.running} ${strategyId} is SAFE (${safeMode.cause}): ${safeMode.reason}`] : []),
    ...alerts.map(
      ({ level, detail, since }) =>
        `${paint(level === 'warn' ? 'warned' : 'failed', level === 'warn' ? MARKS.warned : MARKS.failed)} ${strategyId} ${level} since ${utc(since)}: ${detail}`,
    ),
  ];
}

const INDENT = '  ';

/** Names and figures side by side, as many as fit into a line. */
function wrapped(cells: readonly Cell[], columns: number): string[] {
  const lines: string[] = [];
  for (const [name, text] of cells) {
    const words = `${name} ${text}`;
    const last = lines.at(-1);
    if (last !== undefined && last.length + INDENT.length + words.length <= columns)
      lines[lines.length - 1] = `${last}${INDENT}${words}`;
    else lines.push(`${INDENT}${words}`);
  }
  return lines;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what colours begin with
const plainLength = (text: string): number => text.replaceAll(/\u001b\[\d+m/g, '').length;
