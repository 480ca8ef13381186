import type { ControlRecord } from '../control-record.ts';
import type { RefusalCount } from './refusal-count.ts';

const CHANNELS = ['#risk', 'on-call page'];
const KILL_PATHS = [/^\/v1\/strategies\/[^/]+\/kills$/, /^\/v1\/(device-)?kills$/];
/** Those who may, but meant something that is not there, alarm nobody. */
const MISTAKES: ReadonlySet<string> = new Set(['UnknownStrategy', 'UnknownScope']);

/** Whether these refusals were somebody trying to kill who may not. */
export const isKillAttempt = ({ method, path, code }: RefusalCount): boolean =>
  method === 'POST' && KILL_PATHS.some((pattern) => pattern.test(path)) && !MISTAKES.has(code);

/** Tells risk and on-call of them: one message for each actor, code and minute, however often it was tried, so that nobody can make us shout. */
export const announceAttempt = (attempt: RefusalCount): ControlRecord[] =>
  CHANNELS.map((channel) => ({
    kind: 'DELIVERY',
    record: {
      id: `access/${attempt.firstAt}/${attempt.actor}/${attempt.code}/${channel}`,
      trigger: 'unauthorised-kill',
      audience: ['Risk', 'On Call'],
      channel,
      text: textOf(attempt),
      at: attempt.lastAt,
      status: 'outbox',
    },
  }));

const textOf = ({ actor, code, count, path, roles, firstAt }: RefusalCount): string =>
  `Unauthorised kill attempt: ${actor} (${roles.join(', ') || 'no role'}) was refused ${times(count)} from ${firstAt} on at ${path}: ${code}. Nothing was killed`;

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
