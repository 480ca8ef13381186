import * as z from 'zod';
import { changeLog } from '../change-log.ts';
import { ActorId } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import { Matrix } from './matrix.ts';

const DESK = LogId.parse('desk');

/** The matrix as CloudFormation hands it over: JSON text. It was judged when the template was made. */
export const MatrixText = z.string().transform((text, context) => {
  const parsed = Matrix.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  context.addIssue({ code: 'custom', message: z.prettifyError(parsed.error) });
  return z.NEVER;
});

/** Brings the communication matrix of the deployed configuration into the control table, each change with an entry in the ledger of the desk. The same one again changes nothing. */
export async function registerMatrix(
  matrix: Matrix,
  version: string,
  ports: Pick<Ports, 'records' | 'ledger' | 'now'>,
): Promise<void> {
  const known = await ports.records.get('MATRIX', 'communications');
  if (known?.digest === matrix.digest) return;
  const { digest } = matrix;
  const payload = { digest, ...(known && { before: known.digest }), changed: changedIn(matrix, known), version };
  await changeLog(
    DESK,
    { key: `communications/${version}`, body: { digest } },
    async () => ({
      entries: [{ type: 'communications.registered', actor: ActorId.parse('service:deployment'), payload }],
      records: [{ kind: 'MATRIX', record: matrix }],
      reply: undefined,
    }),
    ports,
  );
}

/** The triggers and channels that are new, different or gone, by name: mail addresses are of people, and stay out of a ledger. */
function changedIn(now: Matrix, before: Matrix | undefined): string[] {
  const parts = ({ rows, channels }: Pick<Matrix, 'rows' | 'channels'>): Record<string, unknown> => ({
    ...rows,
    ...channels,
  });
  const [next, last] = [parts(now), before ? parts(before) : {}];
  const names = new Set([...Object.keys(last), ...Object.keys(next)]);
  const digest = (part: unknown) => part && digestOf(part);
  return [...names].filter((name) => digest(next[name]) !== digest(last[name])).toSorted();
}
