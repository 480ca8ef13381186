import * as z from 'zod';
import { Refusal } from './refusal.ts';

/** What a strategy may do now. KILLED is latched: only recovery leaves it. */
export const Mode = z.enum(['OFF', 'LAUNCHING', 'ACTIVE', 'THROTTLED', 'REDUCE_ONLY', 'SAFE', 'STOPPING', 'KILLED']);
export type Mode = z.infer<typeof Mode>;

/** Everything that can change a mode. A safer event is open to one person alone; a riskier one is not (architecture section 3). */
export type ModeEvent =
  | 'launch'
  | 'enable'
  | 'withdraw'
  | 'stop'
  | 'stopped'
  | 'expire'
  | 'resume'
  | 'suspend'
  | 'throttle'
  | 'reduce'
  | 'lift'
  | 'kill'
  | 'recover';

const LIVE = ['ACTIVE', 'THROTTLED', 'REDUCE_ONLY'] as const;
const to = (mode: Mode, from: readonly Mode[]) => Object.fromEntries(from.map((each) => [each, mode]));

/** The whole table: an event is refused in every mode that it does not name. */
const TRANSITIONS: Record<ModeEvent, Partial<Record<Mode, Mode>>> = {
  launch: to('LAUNCHING', ['OFF']),
  enable: to('ACTIVE', ['LAUNCHING']),
  withdraw: to('OFF', ['LAUNCHING', ...LIVE, 'SAFE']),
  stop: to('STOPPING', ['LAUNCHING', ...LIVE, 'SAFE', 'STOPPING']),
  stopped: to('OFF', ['STOPPING']),
  expire: to('SAFE', LIVE),
  resume: to('ACTIVE', ['SAFE']), // at the enable, not before: a resumption that fails has never left SAFE
  suspend: to('SAFE', [...LIVE, 'SAFE']),
  throttle: { ...to('THROTTLED', ['ACTIVE', 'THROTTLED']), ...to('REDUCE_ONLY', ['REDUCE_ONLY']) },
  reduce: to('REDUCE_ONLY', LIVE),
  lift: to('ACTIVE', ['THROTTLED', 'REDUCE_ONLY']),
  kill: to('KILLED', Mode.options),
  recover: to('OFF', ['KILLED']),
};

/** The modes in which an engine may have orders at a venue because we let it. */
export const isLive = (mode: Mode): boolean => mode === 'STOPPING' || LIVE.some((live) => live === mode);

/** The one way a mode changes (architecture section 3): pure, and everything the table does not name is refused. */
export function transition(mode: Mode, event: ModeEvent): Mode | Refusal {
  const next = TRANSITIONS[event][mode];
  if (next) return next;
  if (mode === 'KILLED') {
    return new Refusal(
      'StrategyKilled',
      `it is killed, so '${event}' is not possible`,
      'recover it first: post-mortem and two signatures',
    );
  }
  if (event === 'resume') {
    return new Refusal(
      'StrategyNotSafe',
      `only what is SAFE is resumed, and the mode is ${mode}`,
      'look at its status; what is OFF is launched',
      { mode },
    );
  }
  return new Refusal(
    'StrategyNotOff',
    `'${event}' is not possible while the mode is ${mode}`,
    'look at its status; stop it first if you want to launch it',
    {
      mode,
    },
  );
}
