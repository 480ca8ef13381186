import type { StrategyView } from '../replies.ts';
import { duration, utc } from './marks.ts';

type Drain = NonNullable<StrategyView['drain']>;

/** `draining for 1 min 40 s more, then: cancel`, and below it what each venue and each engine says, from the last look. */
export function drainLines(view: Pick<StrategyView, 'drain'>, now: Date): string[] {
  const { drain } = view;
  if (!drain) return [];
  return [headOf(drain, now), ...drain.venues.map((venue) => venueLine(venue, now)), ...drain.engines.map(engineLine)];
}

/** The same in one line, for a terminal that overwrites it. */
export function drainSummary({ drain }: Pick<StrategyView, 'drain'>, now: Date): string | undefined {
  if (!drain) return undefined;
  const places = drain.venues.map(({ venue, open }) => `${venue} ${open ?? 'silent'}`);
  return `${headOf(drain, now)}; open orders: ${places.join(', ')}`;
}

function headOf({ until, policy }: Drain, now: Date): string {
  const left = Date.parse(until) - now.getTime();
  return left > 0
    ? `draining for ${duration(Math.ceil(left / 1000) * 1000)} more, then: ${policy}`
    : `past the drain's deadline ${utc(until)}: ${policy}`;
}

function venueLine({ venue, open, closesAt, noCancel }: Drain['venues'][number], now: Date): string {
  const closes = closesAt ? `, closes ${utc(closesAt)}` : '';
  return `  ${venue}: ${open === null ? 'gives no usable answer' : `${open} open`}${closes}${noCancelText(noCancel, now)}`;
}

function noCancelText(window: Drain['venues'][number]['noCancel'], now: Date): string {
  if (!window) return '';
  const { name, from, to } = window;
  return new Date(from) <= now
    ? `, takes no cancels until ${utc(to)} (${name})`
    : `, takes no cancels from ${utc(from)} to ${utc(to)} (${name})`;
}

const engineLine = ({ instance, open, leaseUntil }: Drain['engines'][number]): string =>
  `  ${instance}: ${open === null ? `does not answer${leaseUntil ? `, its lease ends ${utc(leaseUntil)}` : ''}` : `counts ${open}`}`;
