import { both, found, type Known, lacking, type Need, type Proof } from './need.ts';
import { citing, recorded } from './recorded.ts';
import type { Rule } from './rule.ts';
import type { SoundEntry } from './sound-log.ts';

const NEXT = 'see how it stands: tradepulse-cli venue-incident ls --strategy <strategy>';

const opened = ({ course }: Known): SoundEntry[] =>
  course.entries.filter(({ entry }) => entry.type === 'venue-incident.opened');

const noInstability = (known: Known): string | undefined =>
  opened(known).length > 0
    ? undefined
    : 'no instability of a venue was recorded in this run; whoever saw one says so in a signed statement';

/** Met when it is for each incident of the run: all entries of one bear the run of the machine that watched it. */
const ofEach =
  (judge: (first: SoundEntry, others: readonly SoundEntry[]) => Proof): Need =>
  (known) =>
    both(
      ...opened(known).map((first) =>
        judge(
          first,
          known.course.entries.filter(({ entry }) => entry.run === first.entry.run && entry !== first.entry),
        ),
      ),
    );

const ticketed = ofEach((first, others) => {
  const told = [first, ...others].find(({ entry }) => typeof entry.payload['ticket'] === 'string');
  return told ? found(citing(told)) : lacking(`nobody has logged a ticket for ${first.entry.payload['incident']}`);
});

const ENDS = ['venue-incident.stable', 'venue-incident.killed', 'venue-incident.closed'];
const ended = ofEach((first, others) => {
  const end = others.find(({ entry }) => ENDS.includes(entry.type));
  return end ? found(citing(end)) : lacking(`${first.entry.payload['incident']} has not ended`);
});

/** Runbook 5.3: what the incidents of venues have left in the log of a run. */
export const RULES_OF_VENUES = {
  '5.3.1': { unless: noInstability, needs: recorded({ type: 'strategy.throttled' }), next: NEXT },
  '5.3.2': { unless: noInstability, needs: ticketed, attestedBy: ['sre', 'execution-trader'], next: NEXT },
  '5.3.3': { unless: noInstability, needs: ended, next: NEXT },
} as const satisfies Readonly<Record<string, Rule>>;
