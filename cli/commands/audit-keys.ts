import { keysOfControlPlane } from '../audit/checkpoint-keys.ts';
import type { Context } from '../context.ts';

/** The keys that sign checkpoints, oldest first, a line each: what an auditor writes down on the first day and gives to `audit verify --keys`. */
export async function auditKeys(context: Context): Promise<void> {
  const { out } = context;
  const keys = await keysOfControlPlane(await context.api('read'));
  if (out.format === 'jsonl') return out.result({ keys: keys.map(({ vkey }) => vkey) }, '');
  out.result(undefined, keys.map(({ vkey }) => vkey).join('\n'));
}
