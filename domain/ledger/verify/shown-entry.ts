import { notCanonical } from './canonical-text.ts';
import type { FindingKind } from './finding.ts';
import { parsedJson } from './parsed-json.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** An entry as a bundle shows it (docs/ledger-format.md section 1), as far as a verification looks at it. */
export type ShownEntry = {
  readonly actor: string;
  readonly at: string;
  readonly log: string;
  readonly payload: JsonObject;
  readonly proofs: readonly JsonObject[];
  readonly run?: string;
  readonly seq: number;
  readonly ticket?: string;
  readonly type: string;
};

/** Why a text is no entry. */
export type NoEntry = { readonly kind: FindingKind; readonly what: string };

const TIME = /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
const TYPE = /^[a-z][a-z-]*(?:\.[a-z][a-z-]*)+$/;
const LOG = /^[a-z][a-z0-9-]{0,39}$/;

const isString = (value: unknown): value is string => typeof value === 'string';
const isObject = <Value>(value: Value): value is Value & JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A time in UTC to the millisecond, as an entry has it; a day that is in no calendar is none. */
export const isTime = (value: unknown): value is string =>
  isString(value) && TIME.test(value) && (value.slice(8, 10) <= '28' || isOnCalendar(value));

const isOnCalendar = (time: string) =>
  Number(time.slice(8, 10)) <= daysIn(Number(time.slice(0, 4)), Number(time.slice(5, 7)));

const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();

type Member = { readonly name: string; readonly optional?: true; readonly fits: (value: unknown) => boolean };

const MEMBERS: readonly Member[] = [
  { name: 'actor', fits: isString },
  { name: 'at', fits: isTime },
  { name: 'execution', optional: true, fits: isString },
  { name: 'log', fits: (value) => isString(value) && LOG.test(value) },
  { name: 'payload', fits: isObject },
  { name: 'proofs', fits: (value) => Array.isArray(value) && value.every(isObject) },
  { name: 'run', optional: true, fits: isString },
  { name: 'seq', fits: (value) => Number.isSafeInteger(value) && Number(value) >= 0 },
  { name: 'ticket', optional: true, fits: isString },
  { name: 'type', fits: (value) => isString(value) && TYPE.test(value) },
  { name: 'v', fits: (value) => value === 1 },
];

/** Reads the text of an entry and judges its form; nothing is said about its place or its proofs. Never throws. */
export function shownEntryIn(text: string): ShownEntry | NoEntry {
  const value = parsedJson(text);
  if (!isObject(value)) return { kind: 'entry-form', what: 'is no JSON object' };
  const different = notCanonical(value, text);
  if (different !== undefined) return { kind: 'entry-form', what: different };
  if (value['v'] !== 1 && 'v' in value)
    return { kind: 'entry-version', what: 'is of a version that this verifier does not know' };
  return isShownEntry(value)
    ? value
    : { kind: 'entry-form', what: `is not of the form of an entry: look at ${wrongMember(value)}` };
}

function isShownEntry(value: JsonObject): value is ShownEntry & JsonObject {
  return wrongMember(value) === undefined;
}

/** The first member that is missing, wrong, or has no business there. */
function wrongMember(value: JsonObject): string | undefined {
  let known = 0;
  for (const { name, optional, fits } of MEMBERS) {
    const member = value[name];
    if (member === undefined && optional) continue;
    if (!fits(member)) return name;
    known += 1;
  }
  const names = Object.keys(value);
  return names.length === known ? undefined : names.find((name) => !MEMBERS.some((member) => member.name === name));
}
