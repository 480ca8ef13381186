import * as z from 'zod';
import type { Caller } from '../approval/caller.ts';
import type { Changed } from '../change.ts';
import { changeLog } from '../change-log.ts';
import { sha256 } from '../crypto/sha256.ts';
import { scopeIn } from '../kill/scope-in.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import { type Freeze, strategyScope } from './freeze.ts';

/** `until`: when it ends by itself; without it, two people lift it. */
export const FreezeRequest = z.strictObject({
  scope: z.string().min(1).max(120),
  reason: z.string().trim().min(1).max(500),
  until: z.iso.datetime().optional(),
});
export type FreezeRequest = z.infer<typeof FreezeRequest>;

export type SetFreeze = { readonly caller: Caller; readonly key: string; readonly request: FreezeRequest };
export type FreezeSet = { readonly freeze: Freeze; readonly summary: string };

type SettingPorts = Pick<Ports, 'records' | 'now'> & { readonly ledger: Pick<Ports['ledger'], 'commitTo'> };

const DESK = LogId.parse('desk');
const MOST_REGISTERED = 1_000;

/**
 * No new launches of what the scope covers, at once and by one person: it makes nothing riskier (architecture section 3). What trades goes on.
 * Refuses an unknown scope (UnknownScope), and an end that is not ahead (InvalidRequest).
 */
export async function setFreeze({ caller, key, request }: SetFreeze, ports: SettingPorts): Promise<Changed<FreezeSet>> {
  const registry = await ports.records.list('REGISTRATION', { limit: MOST_REGISTERED });
  const scope = freezeScopeIn(request.scope, registry);
  const now = ports.now();
  if (request.until !== undefined && request.until <= now.toISOString())
    throw new Refusal(
      'InvalidRequest',
      `the freeze would be over already: until ${request.until}`,
      'give a later time',
    );
  const date = now.toISOString().slice(0, 10).replaceAll('-', '');
  const freeze: Freeze = {
    id: `freeze-${date}-${sha256(key).toString('hex').slice(0, 12)}`,
    ...{ scope, source: 'manual', reason: request.reason, by: caller.subject, since: now.toISOString() },
    ...(request.until !== undefined && { until: request.until }),
  };
  const { reason, until } = freeze;
  const payload = { freeze: freeze.id, scope, source: 'manual', reason, ...(until !== undefined && { until }) };
  return changeLog(
    DESK,
    { key, body: request },
    async () => ({
      entries: [{ type: 'freeze.set', actor: caller.subject, payload }],
      records: [{ kind: 'FREEZE', record: freeze }],
      reply: { freeze, summary: `no new launches of ${scope}${until === undefined ? '' : ` until ${until}`}` },
    }),
    ports,
  );
}

/** One registered strategy by `strategy:<id>`, else a scope as kills know them. Throws UnknownScope. */
function freezeScopeIn(asked: string, registry: readonly Registration[]): string {
  const text = asked.trim();
  const own = registry.map(({ id }) => strategyScope(id)).find((scope) => scope === text.toLowerCase());
  return own ?? scopeIn(text, registry);
}
