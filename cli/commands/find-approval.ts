import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import { kindOf } from '../follow/next-signatures.ts';
import { type Approval, Approvals } from '../replies.ts';

/** Which approval is meant: by its own id, or the only open one of a strategy or a run, of certain kinds. */
export type Wanted = {
  readonly id?: string;
  readonly strategyId?: string;
  readonly runId?: string;
  readonly kinds?: readonly string[] | undefined;
};

/** Refuses when nothing is asked, and when more than one question is open: nobody may sign a document they did not name. */
export async function findApproval(api: ApiClient, wanted: Wanted): Promise<Pick<Approval, 'id'>> {
  const { id, strategyId, runId, kinds } = wanted;
  if (id) return { id };
  if (!strategyId && !runId)
    throw new CliError(
      'usage',
      'which approval?',
      'give its id, or --strategy; the open ones: tradepulse-cli approvals',
    );
  const open = (await api.get('/v1/approvals', Approvals)).approvals.filter(
    (each) =>
      each.status === 'open' && (!strategyId || each.strategyId === strategyId) && (!runId || each.runId === runId),
  );
  const fitting = open.filter(({ kind }) => !kinds || kinds.includes(kind));
  const [only, ...others] = fitting;
  if (only && others.length === 0) return only;
  throw only ? ambiguous(fitting) : nothingOpen(wanted, open);
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
