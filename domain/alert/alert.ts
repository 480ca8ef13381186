import * as z from 'zod';
import { MonitorFinding, MonitorLevel } from '../monitor/finding.ts';

/**
 * What people are told about one trouble of one strategy, however many ticks find it again: one alert for each dedup key. `level` and
 * `action` are the worst of late: they come down, and the alert ends, once what is milder has lasted. `detail` and what was measured are the newest.
 */
export const Alert = MonitorFinding.extend({
  /** `<strategy>/<rule>/<subject>`. */
  id: z.string().min(1).max(300),
  /** When it began, and when a rule found it first. */
  since: z.iso.datetime(),
  detectedAt: z.iso.datetime(),
  openedAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  /** When its present level and action began, and when a rule found them first. */
  reached: z.object({ since: z.iso.datetime(), at: z.iso.datetime() }),
  /** How many findings it stands for. */
  count: z.int().min(1),
  /** Since when no look finds it at its level any more, and the worst it was since. */
  milder: z.object({ since: z.iso.datetime(), level: MonitorLevel }).optional(),
  /** Since when it is found again, where it was away meanwhile: how long it has lasted is counted from there. */
  foundSince: z.iso.datetime().optional(),
  /** Since when no tick finds it any more: it is resolved once that has lasted. */
  goodSince: z.iso.datetime().optional(),
  resolvedAt: z.iso.datetime().optional(),
  /** How often it came down or was over, and came back soon: the more often, the longer it has to stay away. */
  relapses: z.int().min(0),
  version: z.int().min(1),
});
export type Alert = z.infer<typeof Alert>;

/** An alert that is over, as it was when it ended: kept in the list for a while. What happened stands in the ledger for good. */
export const PastAlert = Alert.omit({ version: true }).required({ resolvedAt: true });
export type PastAlert = z.infer<typeof PastAlert>;

/** An alert as the watch has it in mind, and as it stands in the store; nothing where it does not, or nobody has looked. */
export type Tracked = { readonly alert: Alert; readonly stored?: Alert | undefined };

/** Whether it is told to a pager: whoever is on call has to look. */
export const isPaging = ({ level, resolvedAt }: Alert): boolean => level !== 'warn' && resolvedAt === undefined;
