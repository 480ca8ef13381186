import { readFile, writeFile } from 'node:fs/promises';
import { RunId } from '../../domain/ids.ts';
import { draftPostMortem, type TimelineEntry } from '../../domain/post-mortem/draft-post-mortem.ts';
import { readPostMortem } from '../../domain/post-mortem/read-post-mortem.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import { type Context, context as contextOf } from '../context.ts';
import { exitOf } from '../exit-codes.ts';
import { announceApprovals } from '../follow/next-signatures.ts';
import { logPages } from '../ledger/log-pages.ts';
import { ActionCompleted, Approval, DraftedFrom, PostMortemSubmitted, PostMortemView } from '../replies.ts';
import { decide, type SignOptions } from './approve.ts';

const pathOf = (run: string, rest = '') => `/v1/runs/${encodeURIComponent(run)}/post-mortem${rest}`;

/** Runbook 5.1.4: a post-mortem to be filled in, with the timeline, the certificate and the exposure that the ledger knows of. */
export async function postMortemDraft(
  context: Context,
  run: string,
  { file }: { readonly file?: string },
): Promise<void> {
  const { out } = context;
  const api = await context.api('read');
  const { certificate, record } = await api.get(`/v1/runs/${encodeURIComponent(run)}/kill-certificate`, DraftedFrom);
  const { strategy, exposure } = certificate;
  const text = draftPostMortem({
    run,
    certificate: record.hash,
    exposure: exposureLines(exposure.residual),
    entries: await entriesOf(context, api, strategy, run),
  });
  if (file === undefined) return out.result({ run, text }, text);
  await writeFile(file, text, { flag: 'wx' }).catch((error: unknown) => {
    throw new CliError('usage', `${file} cannot be written: ${reasonOf(error)}`, 'name a file that is not there yet');
  });
  out.step('succeeded', `${file} is drafted: fill in every section`, undefined, { run, file });
  out.note(`  then: ${context.command(`post-mortem submit ${run} --file ${file}`)}`);
}

async function entriesOf(context: Context, api: ApiClient, log: string, run: string): Promise<TimelineEntry[]> {
  const entries: TimelineEntry[] = [];
  const pages = logPages(api, log, { run, order: 'asc' }, context.surroundings.interrupted);
  for await (const page of pages)
    entries.push(
      ...page.entries.map(({ entry }) => ({
        at: String(entry['at']),
        type: String(entry['type']),
        actor: String(entry['actor']),
      })),
    );
  return entries;
}

type Residual = DraftedFrom['certificate']['exposure']['residual'];

function exposureLines(residual: Residual): string[] {
  if (typeof residual === 'string') return [`residual: ${residual}`];
  return residual.venues.flatMap(({ source, positions, unknown }) => {
    if (!positions) return [`${source}: not known, ${unknown ?? 'no reason given'}`];
    if (positions.length === 0) return [`${source}: nothing is held`];
    return positions.map(({ instrument, quantity }) => `${source}: ${quantity} ${instrument}`);
  });
}

/** Judges the file here, with every mistake by its line, then files it as the next version and says who has to sign it off. */
export async function postMortemSubmit(
  context: Context,
  run: string,
  { file, serviceOwner }: { readonly file: string; readonly serviceOwner?: string },
): Promise<void> {
  const { out, surroundings } = context;
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CliError('usage', `${file} cannot be read: ${reasonOf(error)}`, 'name the file that you have filled in');
  });
  requireWhole(text, run, file);
  const api = await context.api('operate');
  const submitted = await api.post(pathOf(run), PostMortemSubmitted, {
    body: { text, ...(serviceOwner !== undefined && { serviceOwner }) },
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', submitted.summary, undefined, submitted);
  announceApprovals(context, [await api.get(`/v1/approvals/${encodeURIComponent(submitted.approval)}`, Approval)]);
}

function requireWhole(text: string, run: string, file: string): void {
  const id = RunId.safeParse(run);
  if (!id.success) throw new CliError('usage', `${run} is no run`, 'give the id of the kill: tradepulse-cli runs');
  const read = readPostMortem(text, id.data);
  if (read instanceof Refusal)
    throw new CliError(exitOf(read.code), `${file}, ${read.message}`, read.next, {
      code: read.code,
      facts: read.facts,
    });
}

/** On one machine: which demo user is meant by the name of a sign-off. The third, risk, is the name of its user. */
const SIGNERS: Readonly<Record<string, string>> = { 'incident-commander': 'sre', 'service-owner': 'trader' };

/** Reads and signs off the newest version, as one of the three people it needs: a demo user goes by their own name or that of the sign-off. */
export async function postMortemSign(context: Context, run: string, how: SignOptions): Promise<void> {
  const { options, surroundings } = context;
  const as = options.as === undefined ? undefined : SIGNERS[options.as];
  const signing = as === undefined ? context : contextOf({ ...options, as }, surroundings);
  await (await signing.api('read')).get(pathOf(run), PostMortemView); // says how to file one, where there is none
  return decide(signing, { id: `${run}-post-mortem` }, how);
}

/** The newest version, what is done of its actions, and who has signed it off. */
export async function postMortemShow(context: Context, run: string): Promise<void> {
  const { out } = context;
  const view = await (await context.api('read')).get(pathOf(run), PostMortemView);
  out.result(view, view.page);
  if (!view.signedOff)
    out.note(
      `it is not signed off: ${context.command(`post-mortem sign ${run}`)}, by incident commander, service owner and risk`,
    );
}

/** A corrective action is done, and this is what shows it. */
export async function postMortemActionDone(
  context: Context,
  run: string,
  action: number,
  { evidence }: { readonly evidence: string },
): Promise<void> {
  const { out, surroundings } = context;
  const api = await context.api('operate');
  const completed = await api.post(pathOf(run, `/actions/${action}`), ActionCompleted, {
    body: { evidence },
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', completed.summary, undefined, completed);
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
