import type { Context } from '../context.ts';
import { utc } from '../output/marks.ts';
import { table } from '../output/table.ts';
import { type Credential, CredentialChanged, Credentials } from '../replies.ts';

/** The authenticators that people sign with: one's own, or everybody's for whoever answers for others. */
export async function credentialList(context: Context): Promise<void> {
  const { out } = context;
  const api = await context.api('read');
  const { credentials } = await api.get('/v1/credentials', Credentials);
  if (out.format === 'jsonl') return credentials.forEach((each) => void out.result(each, ''));
  const rows = credentials.map(({ id, subject, authenticator, status, label, enrolledAt }) => [
    ...[id, subject, authenticator, status, label, utc(enrolledAt)],
  ]);
  out.result(
    undefined,
    table(out.paint, ['id', 'person', 'authenticator', 'status', 'label', 'enrolled'], rows, 'none is enrolled'),
  );
  for (const each of credentials.filter(({ status }) => status === 'proposed')) announceProposed(context, each);
}

/** Approves an authenticator of somebody else, or takes one out of use for good. */
export async function credentialDecide(context: Context, id: string, what: 'approval' | 'revocation'): Promise<void> {
  const { out, surroundings } = context;
  const api = await context.api(what === 'approval' ? 'sign' : 'operate');
  const path = `/v1/credentials/${encodeURIComponent(id)}/${what}`;
  const changed = await api.post(path, CredentialChanged, { body: {}, idempotencyKey: surroundings.newKey() });
  out.step('succeeded', changed.summary, undefined, changed);
}

/** Who has to do what before an authenticator signs. */
export function announceProposed({ out, command }: Context, { id }: Credential): void {
  out.note(`\nwaits for a risk officer or an SRE who is not its owner:`);
  out.note(`  ${command(`credential approve ${id} --as sre`)}`);
}
