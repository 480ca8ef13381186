import * as z from 'zod';
import { Heartbeats } from '../engine/lease-request.ts';
import { type Believed, believed, type Clamped, leftOut, shown } from './clamp.ts';

/** How far a heartbeat may lie in the future: what two of the engine's own clocks, or its clock and ours, may differ by. */
const MOST_AHEAD_MS = 1_000;
const Told = z.record(z.string(), z.unknown());
const COMPONENTS = Heartbeats.keyof().options;

/**
 * The heartbeats of a renewal, judged by the clock that stamped them: `by` is when the engine says that it asked. One that cannot be read, or that
 * is still to come, is left out: for every monitor its component then never beat. Components that nobody knows are left out too.
 */
export function clampHeartbeats(told: unknown, by: Date): Believed<Heartbeats | undefined> {
  const { data } = Told.safeParse(told);
  if (!data || Array.isArray(told)) return leftOut('heartbeats-unreadable', `heartbeats is no object: ${shown(told)}`);
  const beats = COMPONENTS.filter((name) => Object.hasOwn(data, name)).map(
    (name) => [name, clampBeat(name, data[name], by)] as const,
  );
  const strange = Object.keys(data).filter((name) => !COMPONENTS.some((known) => known === name));
  return {
    value: Object.fromEntries(beats.flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value]]))),
    clamped: [...beats.flatMap(([, { clamped }]) => clamped), ...clampStrange(strange)],
  };
}

function clampBeat(name: keyof Heartbeats, told: unknown, by: Date): Believed<string | undefined> {
  const beat = Heartbeats.shape[name].safeParse(told).data;
  if (beat === undefined) return leftOut('heartbeat-unreadable', `${name} last worked at ${shown(told)}`);
  if (Date.parse(beat) - by.getTime() <= MOST_AHEAD_MS) return believed(beat);
  return leftOut('heartbeat-from-the-future', `${name} will have worked at ${beat}`);
}

const clampStrange = (strange: readonly string[]): Clamped[] =>
  strange.length === 0 ? [] : [{ code: 'unknown-component', detail: `heartbeats of ${shown(strange)}` }];
