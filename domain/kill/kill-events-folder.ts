/** One object for each event, written once: `kill_events.jsonl` of runbook 5.1.2 is rendered from them (product decision 17). */
export const KILL_EVENTS_FOLDER = 'observability/audit/kill_events/';
