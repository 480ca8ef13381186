import type { VenueIncident } from './venue-incident.ts';

type Times = Pick<VenueIncident, 'venue' | 'openedAt' | 'killAt'>;

/** `5 minutes`, or seconds where it is no whole number of minutes. */
export function lengthWords(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const [count, unit] = seconds > 0 && seconds % 60 === 0 ? [seconds / 60, 'minute'] : [seconds, 'second'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** Why a strategy is killed at the deadline (runbook 5.3.3). */
export const killReason = ({ venue, openedAt, killAt }: Times): string =>
  `${venue} unstable for more than ${lengthWords(Date.parse(killAt) - Date.parse(openedAt))}`;

/** The numbers of the tickets, or what to do where there is none. */
export const ticketWords = ({ venue, tickets }: Pick<VenueIncident, 'venue' | 'tickets'>): string =>
  tickets.length > 0
    ? tickets.map(({ ticket }) => ticket).join(', ')
    : `none yet: call the venue, then tradepulse-cli venue-incident add --venue ${venue} --ticket TICKET`;
