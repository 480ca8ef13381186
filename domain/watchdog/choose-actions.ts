import { isLive } from '../mode.ts';
import { MonitorAction, type MonitorFinding } from '../monitor/finding.ts';
import { isTrading } from '../monitor/rules/told.ts';
import type { Strategy } from '../strategy.ts';

/** What is to be done, and the finding that asks for it. */
export type Chosen = { readonly finding: MonitorFinding; readonly action: MonitorAction };

/** What ends trading makes everything else needless; the others do not replace one another. */
const ENDS_TRADING: ReadonlySet<MonitorAction> = new Set<MonitorAction>(['safe-mode', 'halt', 'kill']);

/** What its findings ask for and the strategy is not seen to be in yet: the strongest alone where that ends trading, else each action once, the strongest first. */
export function chooseActions(state: Strategy, findings: readonly MonitorFinding[]): Chosen[] {
  const asked = findings
    .flatMap((finding) => (finding.level === 'act' && finding.action ? [{ finding, action: finding.action }] : []))
    .filter(({ action }) => isMissing(state, action))
    .toSorted((left, right) => strength(right.action) - strength(left.action));
  const each = asked.filter(({ action }, at) => asked.findIndex((other) => other.action === action) === at);
  const [strongest] = each;
  return strongest && ENDS_TRADING.has(strongest.action) ? [strongest] : each;
}

const strength = (action: MonitorAction): number => MonitorAction.options.indexOf(action);

/** What slows down is asked for again while it trades: the ladder notes one more cause, and knows what is in force. */
function isMissing({ mode, latch }: Strategy, action: MonitorAction): boolean {
  switch (action) {
    case 'kill':
      return latch === undefined && mode !== 'KILLED';
    case 'halt':
    case 'safe-mode':
      return isLive(mode);
    case 'reduce-only':
    case 'throttle':
    case 'venue-instability':
      return isTrading(mode);
  }
}
