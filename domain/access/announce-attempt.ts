import { announce } from '../communications/announce.ts';
import type { ControlRecord } from '../control-record.ts';
import type { RefusalCount } from './refusal-count.ts';

const KILL_PATHS = [/^\/v1\/strategies\/[^/]+\/kills$/, /^\/v1\/(device-)?kills$/];
/** Those who may, but meant something that is not there, alarm nobody. */
const MISTAKES: ReadonlySet<string> = new Set(['UnknownStrategy', 'UnknownScope']);

/** Whether these refusals were somebody trying to kill who may not. */
export const isKillAttempt = ({ method, path, code }: RefusalCount): boolean =>
  method === 'POST' && KILL_PATHS.some((pattern) => pattern.test(path)) && !MISTAKES.has(code);

/** Tells risk and on-call of them: one message for each actor, code and minute, however often it was tried, so that nobody can make us shout. */
export function announceAttempt(attempt: RefusalCount, now: Date): ControlRecord[] {
  const { actor, roles, count, code, path, firstAt, lastAt } = attempt;
  const about = {
    occasion: `${firstAt}/${actor}/${code}`,
    detectedAt: now.toISOString(),
    ...{ actor, code, path, since: firstAt, roles: roles.join(', ') || 'no role', times: times(count) },
  };
  return announce('unauthorised-kill', about, new Date(lastAt));
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
