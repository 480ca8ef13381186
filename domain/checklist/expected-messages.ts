import * as z from 'zod';
import type { Trigger } from '../communications/trigger.ts';
import type { Course } from './course-of-run.ts';
import type { SoundEntry } from './sound-log.ts';
import type { WantedMessage } from './told.ts';

/** What of a run has to be told, by the entry that is written with it. */
const TOLD_WITH: Readonly<Record<string, Trigger>> = {
  'launch.opened': 'launch-start',
  'launch.live': 'launch-live',
  'resume.opened': 'resume-start',
  'resume.live': 'resume-live',
  'resume.withdrawn': 'resume-withdrawn',
  'stop.opened': 'planned-halt',
  'stop.confirmed': 'halt-confirmed',
  'kill.announced': 'kill-switch',
  'kill.confirmed': 'kill-confirmed',
  'kill.certified': 'kill-certificate',
  'data-incident.over': 'data-incident-over',
  'venue-incident.opened': 'venue-incident',
  'venue-incident.stable': 'venue-stable',
  'recovery.lifted': 'launch-allowed',
  'recovery.restored': 'recovery-complete',
  'recovery.not-restored': 'restoration-withdrawn',
};

const Withdrawn = z.object({ failure: z.object({ code: z.string() }) });

/** Every message that the course of a run calls for (runbook 6), once each: what is told is not taken from what was told. */
export function expectedMessages({ entries }: Pick<Course, 'entries'>): WantedMessage[] {
  const wanted = entries.flatMap(({ entry }) => {
    const trigger = triggerOf(entry);
    return trigger && entry.run ? [{ trigger, run: entry.run }] : [];
  });
  return [...new Map(wanted.map((each) => [`${each.run}/${each.trigger}`, each])).values()];
}

function triggerOf({ type, payload }: SoundEntry['entry']): Trigger | undefined {
  if (type === 'safe-mode.entered') return payload['cause'] === 'market-data' ? 'data-incident' : 'preemptive-halt';
  if (type !== 'launch.withdrawn') return TOLD_WITH[type];
  const code = Withdrawn.safeParse(payload).data?.failure.code;
  return code === 'LaunchPostponed' ? 'launch-postponed' : 'launch-withdrawn';
}
