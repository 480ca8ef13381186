import * as z from 'zod';

/** A ticket of our own, e.g. `OPS-12`. */
export const TicketId = z
  .string()
  .max(64)
  .regex(
    /^[A-Z][A-Z0-9]{0,15}-[A-Za-z0-9-]{1,60}$/,
    'a ticket is like OPS-12: capitals, a dash, and what tells it apart',
  );

/** An issue or pull request of GitHub: `github:<owner>/<repository>#<number>`. */
export const GithubRef = z
  .string()
  .max(64)
  .regex(
    /^github:[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}#)[A-Za-z0-9._-]{1,50}#[1-9][0-9]{0,9}$/,
    'a ticket at GitHub is like github:owner/repository#12',
  );

/** What a manifest and a launch name as their ticket: one of our own, or one of a tracker that is named. At most 64 characters. */
export const TicketRef = z.union([TicketId, GithubRef], 'a ticket is like OPS-12 or github:owner/repository#12');
export type TicketRef = z.infer<typeof TicketRef>;

/** The parts of a reference to GitHub; nothing for a ticket of our own. */
export function githubRefIn(ref: string): { owner: string; repository: string; number: number } | undefined {
  if (!GithubRef.safeParse(ref).success) return undefined;
  const [owner = '', repository = '', number = ''] = ref.slice('github:'.length).split(/[/#]/);
  return { owner, repository, number: Number(number) };
}
