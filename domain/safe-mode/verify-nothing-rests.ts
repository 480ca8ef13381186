import { change, readRegistration } from '../change.ts';
import { ActorId } from '../ids.ts';
import { answerOf, type Look, lookAndCancel, notEmpty, whyNotEmpty } from '../kill/look-and-cancel.ts';
import { withDeadline } from '../kill/with-deadline.ts';
import { digestOf } from '../ledger/digest.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { readSafe, safeModeStep } from './safe-mode-step.ts';
import { safeModeTimes, verifiedBy } from './safe-mode-times.ts';

const STEP = 'VerifyNothingRests';
const SERVICE = ActorId.parse('service:safe-mode');
/** However late it is, a venue gets this long to answer one look. */
const LEAST_MS = 1_000;

/**
 * Runbook 5.2.1, product decision 6: proves at every venue, with our own credentials, that nothing rests, cancelling there again what does.
 * Throws OrdersResting or VenueUnreachable until then, and VenuesNotVerified once the time for that is over: then it is killed. What was
 * proved once is not asked again by a machine that was started anew.
 */
export async function verifyNothingRests(command: RunStep, ports: Ports): Promise<StepResult> {
  const { safeMode } = await readSafe(command, ports);
  const registration = await readRegistration(command.strategyId, ports);
  const until = verifiedBy(safeMode, await safeModeTimes(registration, ports));
  const why = (await isProved(command, ports))
    ? undefined
    : await whyNotProved({ command, registration, until }, ports);
  if (why) throw ports.now().toISOString() < until ? why : notVerified(why, until);
  return safeModeStep(
    command,
    STEP,
    (state) => ({
      state,
      entries: [
        {
          type: 'safe-mode.verified',
          actor: SERVICE,
          run: command.runId,
          payload: { venues: registration.venues.map(({ id }) => ({ venue: id, orders: 0 })), until },
        },
      ],
      reply: {
        summary: `nothing rests at ${registration.venues.map(({ id }) => id).join(', ')}`,
        verdict: 'go' as const,
      },
    }),
    ports,
  );
}

const isProved = async ({ runId }: RunStep, { records }: Pick<Ports, 'records'>): Promise<boolean> =>
  (await records.get('COMMAND', `${runId}/${STEP}`)) !== undefined;

type Verifying = { readonly command: RunStep; readonly registration: Registration; readonly until: string };

/** One look at all of them; why that proves nothing, if so, which is recorded. */
async function whyNotProved({ command, registration, until }: Verifying, ports: Ports): Promise<Refusal | undefined> {
  const left = Math.max(LEAST_MS, Date.parse(until) - ports.now().getTime());
  const looking = registration.venues.map(async (venue) => {
    const silent: Look = { venue: venue.id, orders: [], unanswered: `${venue.id} gave no answer in time` };
    return withDeadline(lookAndCancel(venue, command.strategyId, ports), left).catch(() => silent);
  });
  const open = notEmpty(await Promise.all(looking));
  if (open.length === 0) return undefined;
  await recordAnswers(open, command, ports);
  return whyNotEmpty(open);
}

async function recordAnswers(looks: readonly Look[], { strategyId, runId }: RunStep, ports: Ports): Promise<void> {
  const answers = looks.map((look) => answerOf(look, { type: 'safe-mode.venue-answered', actor: SERVICE, run: runId }));
  await change(
    strategyId,
    { key: `${runId}/${STEP}/${digestOf(answers)}`, body: { runId } },
    (state) => ({ state, entries: answers, reply: null }),
    ports,
  );
}

const notVerified = ({ message, facts }: Refusal, until: string): Refusal =>
  new Refusal('VenuesNotVerified', `nobody proved by ${until} that nothing rests: ${message}`, 'it is killed', facts);
