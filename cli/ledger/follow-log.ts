import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { harmless } from '../output/harmless.ts';
import type { LedgerPage } from '../replies.ts';
import type { Surroundings } from '../surroundings.ts';
import { type Filters, logPage } from './log-pages.ts';

const PAUSE_MS = 1000;

/** From which index on (without one, what comes from now on), and which entries. */
export type Following = Filters & { readonly from?: number | undefined };

/**
 * Tells each entry of a log once, in order, as it comes, until Ctrl-C. While the control plane does not answer it says so and
 * asks again from where it was, so nothing is missed. Refuses to go on when the log has become shorter.
 */
export async function followLog(
  { surroundings }: Context,
  api: ApiClient,
  log: string,
  { from, ...filters }: Following,
  tell: (entry: LedgerPage['entries'][number]) => void,
): Promise<void> {
  const patient = patience(surroundings);
  let position: Position = { next: from, size: 0 };
  while (!surroundings.interrupted.aborted) {
    const page = await patient(pageAt(api, log, position, filters));
    if (page && position.next !== undefined) page.entries.forEach(tell);
    if (page) position = positionAfter(log, page, position);
    if (!page || (position.next ?? 0) >= position.size) await surroundings.sleep(PAUSE_MS);
  }
}

/** The index to go on from, unknown before the end of the log is known, and how long the log was. */
type Position = { readonly next: number | undefined; readonly size: number };

const pageAt = (api: ApiClient, log: string, { next }: Position, filters: Filters) =>
  logPage(api, log, next === undefined ? { order: 'desc', limit: 1 } : { ...filters, order: 'asc', from: next });

function positionAfter(log: string, { size, next }: LedgerPage, before: Position): Position {
  if (size < before.size) throw shorter(log, before.size, size);
  if (before.next !== undefined && next != null) return { size, next: Number(next) };
  return { size, next: Math.max(before.next ?? 0, size) }; // all there is was looked at
}

/** Waits for an answer, and gives nothing while the control plane is away: that is said once, and its return too. */
function patience({ stderr }: Pick<Surroundings, 'stderr'>) {
  let away = false;
  const turn = (gone: boolean, text: string) => {
    if (gone !== away) stderr.write(`${harmless(text)}\n`);
    away = gone;
  };
  return <T>(answer: Promise<T>): Promise<T | undefined> =>
    answer.then(
      (value) => {
        turn(false, '▶ the control plane answers again');
        return value;
      },
      (error: unknown) => {
        if (!(error instanceof CliError && error.transient)) throw error;
        turn(true, `✖ ${error.message}; trying again, nothing will be missed`);
        return undefined;
      },
    );
}

const shorter = (log: string, was: number, is: number) =>
  new CliError(
    'parity',
    `the log ${log} had ${was} entries and now has ${is}: entries of a ledger never go away`,
    'see whether the address leads to another installation; if it does not, treat this as tampering and call the auditor',
    { code: 'LedgerBroken', facts: { log, was, is } },
  );
