import * as z from 'zod';
import { Strategy } from '../strategy.ts';
import { mergePatchBetween } from './merge-patch.ts';

/** What entries do not say of a strategy: which one it is, how far its own ledger has got, and how often it was written. A member that is not named here is recorded. */
const LEFT_OUT = { id: true, ledgerSize: true, ledgerRange: true, pendingEntries: true, version: true } as const;

/** The control state as the ledger knows it. */
export const ControlState = Strategy.omit(LEFT_OUT);
export type ControlState = z.infer<typeof ControlState>;

/** An RFC 7396 merge patch of a control state: what `payload.changes` of an entry holds. */
export type Changes = Readonly<Record<string, unknown>>;

/** What changed from one state to the next; from nothing when there is none before. `{}` when nothing did. */
export const changesBetween = (before: Strategy | undefined, after: Strategy): Changes =>
  mergePatchBetween(before ? recorded(before) : {}, recorded(after));

/** The patch that leads to a state whatever was known before: every member that a state can have, `null` for those it has not. */
export const changesToWhole = (state: Strategy): Changes => membersOf(ControlState, recorded(state));

const recorded = (state: Strategy): Changes =>
  Object.fromEntries(Object.entries(state).filter(([name]) => !(name in LEFT_OUT)));

function membersOf({ shape }: z.ZodObject, value: object): Changes {
  const members = new Map<string, unknown>(Object.entries(value));
  return Object.fromEntries(
    Object.entries(shape).map(([name, schema]) => [name, whole(schema, members.get(name) ?? null)]),
  );
}

/** Members of members too, since a merge patch keeps those it does not name. */
function whole(schema: z.core.$ZodType, value: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return whole(schema.unwrap(), value);
  return schema instanceof z.ZodObject && typeof value === 'object' && value !== null
    ? membersOf(schema, value)
    : value;
}
