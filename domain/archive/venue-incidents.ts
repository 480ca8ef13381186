import * as z from 'zod';
import { markdownCell } from './markdown-cell.ts';

/** Where the incidents of venues stand below a run's folder: one create-once file each (product decision 17). */
export const VENUE_INCIDENTS = 'venue-incidents/';

/** What happened in an incident of a venue: it began, it ended, or somebody logged the number of the ticket that was opened there (runbook 5.3.2). */
export const VenueIncident = z.object({
  v: z.literal(1),
  venue: z.string().min(1).max(40),
  ticket: z.string().min(1).max(100).optional(),
  at: z.iso.datetime(),
  by: z.string().min(1).max(128),
  note: z.string().max(2_000).optional(),
});
export type VenueIncident = z.infer<typeof VenueIncident>;

/** `venue_incidents.md`, rendered from them, oldest first. One that cannot be read is said to be so. */
export function venueIncidents(fragments: readonly { readonly file: string; readonly text: string }[]): string {
  const rows = fragments
    .map(({ file, text }) => ({ file, incident: VenueIncident.safeParse(jsonOf(text)).data }))
    .toSorted((left, right) => (orderOf(left) < orderOf(right) ? -1 : 1))
    .map(({ file, incident }) =>
      incident
        ? `| ${incident.at} | ${markdownCell(incident.venue)} | ${markdownCell(incident.ticket ?? '')} | ${markdownCell(incident.by)} | ${markdownCell(incident.note ?? '')} |`
        : `| not readable | | | | ${markdownCell(file)} |`,
    );
  const table = ['| When (UTC) | Venue | Ticket at the venue | By | Note |', '|---|---|---|---|---|', ...rows];
  return ['# Incidents of venues', '', ...(rows.length === 0 ? ['None recorded.'] : table), ''].join('\n');
}

const orderOf = ({ file, incident }: { file: string; incident: VenueIncident | undefined }): string =>
  `${incident?.at ?? '9'} ${file}`;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the table says that it cannot be read
  }
}
