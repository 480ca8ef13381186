import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import { kindOf } from '../follow/next-signatures.ts';
import { type Approval, Approvals } from '../replies.ts';
import type { Surroundings } from '../surroundings.ts';

/** Which approval is meant: by its own id, or the only open one of a strategy or a run, of certain kinds. */
export type Wanted = {
  readonly id?: string;
  readonly strategyId?: string;
  readonly runId?: string;
  readonly kinds?: readonly string[] | undefined;
};

type Waiting = Pick<Surroundings, 'sleep' | 'interrupted'>;

/** A machine asks a moment after the command that started it; whoever signs right then is not sent away. */
const PATIENCE = { looks: 20, everyMs: 250 };

/**
 * The question that is meant; waits five seconds for the first one. Refuses when nothing is asked, and when more than one question is open:
 * nobody may sign a document they did not name.
 */
export async function findApproval(
  api: ApiClient,
  wanted: Wanted,
  surroundings: Waiting,
): Promise<Pick<Approval, 'id'>> {
  if (wanted.id) return { id: wanted.id };
  if (!wanted.strategyId && !wanted.runId)
    throw new CliError(
      'usage',
      'which approval?',
      'give its id, or --strategy; the open ones: tradepulse-cli approvals',
    );
  const open = await openQuestions(api, wanted, surroundings);
  const fitting = open.filter(({ kind }) => !wanted.kinds || wanted.kinds.includes(kind));
  const [only, ...others] = fitting;
  if (only && others.length === 0) return only;
  throw only ? ambiguous(fitting) : nothingOpen(wanted, open);
}

async function openQuestions(
  api: ApiClient,
  { strategyId, runId }: Wanted,
  { sleep, interrupted }: Waiting,
): Promise<Approval[]> {
  for (let look = 1; ; look += 1) {
    const { approvals } = await api.get('/v1/approvals', Approvals);
    const open = approvals.filter(
      (each) =>
        each.status === 'open' && (!strategyId || each.strategyId === strategyId) && (!runId || each.runId === runId),
    );
    if (open.length > 0 || look >= PATIENCE.looks || interrupted.aborted) return open;
    await sleep(PATIENCE.everyMs);
  }
}

const ambiguous = (fitting: readonly Approval[]) =>
  new CliError(
    'usage',
    `${fitting.length} questions are open: ${fitting.map(({ id, kind }) => `${id} (${kindOf({ kind })})`).join(', ')}`,
    'name one of them by its id',
    {
      code: 'AmbiguousApproval',
    },
  );

function nothingOpen({ strategyId, runId }: Wanted, open: readonly Approval[]): CliError {
  const [other] = open;
  const next = other
    ? `open is: ${kindOf(other)} (${other.id}), with ${other.kind === 'flag-flip' ? 'tradepulse-cli flag enable' : 'tradepulse-cli approve'}`
    : 'see what waits: tradepulse-cli approvals';
  return new CliError('state', `nothing of this kind waits for a signature at ${strategyId ?? runId}`, next, {
    code: 'NothingToSign',
  });
}
