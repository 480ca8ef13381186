import { digestOfBytes } from '../../domain/ledger/digest.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { readSmallFile } from '../manifest/small-file.ts';
import { utc } from '../output/marks.ts';
import { pairs, table } from '../output/table.ts';
import { Attestations, StatementPut } from '../review-replies.ts';
import { decide, type SignOptions } from './approve.ts';

export type AttestOptions = Pick<SignOptions, 'yes' | 'browser' | 'timeout'> & {
  readonly statement: string;
  readonly role?: string;
  readonly file?: string;
  readonly detach?: boolean;
};

const RUNBOOK = 'runbook';
const MOST_BYTES = 1_000_000;

/** Runbook 8: states something about an item that no machine can see, or about the runbook itself, and signs exactly that. */
export async function attest(
  context: Context,
  about: string,
  item: string | undefined,
  options: AttestOptions,
): Promise<void> {
  const { out, surroundings, command } = context;
  const isRunbook = about === RUNBOOK && item === undefined;
  if (!isRunbook && item === undefined)
    throw new CliError(
      'usage',
      'which item?',
      'attest <run> <item> --statement <text>, or: attest runbook --statement <text>',
    );
  const api = await context.api('sign');
  if (options.file !== undefined) await requireSameRunbook(context, options.file);
  const { statement, role, yes, browser, timeout, detach } = options;
  const path = isRunbook ? '/v1/attestations' : `/v1/runs/${encodeURIComponent(about)}/attestations`;
  const put = await api.post(path, StatementPut, {
    body: { ...(item !== undefined && { item }), statement, ...(role && { role }) },
    idempotencyKey: surroundings.newKey(),
  });
  out.step('running', put.summary, undefined, put);
  if (detach) return out.note(`  sign it: ${command(`approve ${put.approval}`)}`);
  await decide(context, { id: put.approval }, { timeout, ...(yes && { yes }), ...(browser && { browser }) });
}

/** What somebody has read is what they sign. */
async function requireSameRunbook(context: Context, file: string): Promise<void> {
  const { runbook } = await (await context.api('read')).get('/v1/attestations', Attestations);
  const actual = digestOfBytes(await readSmallFile(file, MOST_BYTES));
  if (actual === runbook.text) return;
  throw new CliError(
    'conflict',
    `${file} is ${actual}, and the runbook that is deployed is ${runbook.text}`,
    'read that one, then attest it',
    {
      code: 'DigestMismatch',
      facts: { expected: runbook.text, actual },
    },
  );
}

/** Whether the runbook is attested, whether that is due again, and the newest statements. */
export async function attestations(context: Context, { run }: { readonly run?: string }): Promise<void> {
  const { out } = context;
  const query = run === undefined ? '' : `?run=${encodeURIComponent(run)}`;
  const view = await (await context.api('read')).get(`/v1/attestations${query}`, Attestations);
  const { runbook } = view;
  const about = pairs(out.paint, [
    ['runbook', runbook.text],
    ['trace', runbook.trace],
    ['status', runbook.status],
    [
      'attested',
      runbook.attested &&
        `${utc(runbook.attested.signedAt)} by a ${runbook.attested.role}: ${runbook.attested.statement}`,
    ],
    ...runbook.reasons.map(({ says, until }) => ['due', `${says}; by ${utc(until)}`] as const),
  ]);
  const rows = view.attestations.map((each) => [
    each.run ?? RUNBOOK,
    each.item,
    each.status,
    each.role,
    utc(each.signedAt),
    each.statement,
  ]);
  out.result(
    view,
    `${about}\n\n${table(out.paint, ['about', 'item', 'status', 'role', 'signed', 'statement'], rows, 'nobody has stated anything yet')}`,
  );
}
