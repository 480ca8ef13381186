import * as z from 'zod';
import type { Context } from '../context.ts';
import { duration, utc } from '../output/marks.ts';
import { table } from '../output/table.ts';
import { time } from '../replies.ts';

const Alert = z.looseObject({
  ...{ id: z.string(), strategyId: z.string(), rule: z.string(), subject: z.string(), level: z.string() },
  ...{ action: z.string().nullish(), detail: z.string(), count: z.number() },
  ...{ since: time, openedAt: time, lastAt: time, goodSince: time.nullish(), resolvedAt: time.nullish() },
});
type Alert = z.infer<typeof Alert>;
const Alerts = z.looseObject({ alerts: z.array(Alert) });

export type AlertsFilter = { readonly strategy?: string; readonly all?: boolean; readonly limit: number };

/** Runbook 3: the alerts that stand, the worst first; with `--all` those too that are over, the newest end first. */
export async function listAlerts(context: Context, { strategy, all, limit }: AlertsFilter): Promise<void> {
  const { out } = context;
  const api = await context.api('read');
  const asked = { ...(strategy !== undefined && { strategy }), limit: String(limit) };
  const read = async (state: string) =>
    (await api.get(`/v1/alerts?${new URLSearchParams({ ...asked, state })}`, Alerts)).alerts;
  const alerts = [...(await read('open')), ...(all ? await read('resolved') : [])];
  if (out.format === 'jsonl') return alerts.forEach((alert) => void out.result(alert, ''));
  const head = ['level', 'does', 'strategy', 'alert', 'since', 'state', 'found', 'what'];
  const empty = all ? 'nothing was found in the last 30 days' : 'nothing is found that anybody has to know of';
  out.result(alerts, table(out.paint, head, alerts.map(rowOf), empty));
}

const rowOf = (alert: Alert) => {
  const { level, action, strategyId, rule, subject, since, count, detail } = alert;
  return [level, action ?? '-', strategyId, `${rule}/${subject}`, utc(since), stateOf(alert), count, detail];
};

function stateOf({ openedAt, goodSince, resolvedAt }: Alert): string {
  if (resolvedAt != null) return `over after ${between(openedAt, resolvedAt)}`;
  return goodSince == null ? 'open' : 'open, not found now';
}

const between = (from: string, to: string): string => duration(Math.max(0, Date.parse(to) - Date.parse(from)));
