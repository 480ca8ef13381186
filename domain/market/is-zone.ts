import { clocksOf } from './zoned-time.ts';

/** Whether that is the name of an IANA time zone. An offset such as +01:00 is none: it knows no summer time. */
export function isZone(name: string): boolean {
  if (!/^[A-Z]/.test(name)) return false;
  try {
    clocksOf(name, new Date(0));
    return true;
  } catch {
    return false; // the only thing that can be wrong with it is its name
  }
}
