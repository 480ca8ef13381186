import * as z from 'zod';
import { LogId } from '../ledger-entry.ts';
import { notCanonical } from '../verify/canonical-text.ts';
import { quoted } from '../verify/finding.ts';
import { parsedJson } from '../verify/parsed-json.ts';
import { isTime } from '../verify/shown-entry.ts';
import { logOfOrigin } from './log-of-origin.ts';

const BUNDLE = 'tradepulse-ledger';
const FORMAT = 1;
/** UTF-16 code units; `max` of zod counts otherwise. */
const MOST_TICKET_UNITS = 64;

/** The first line of a bundle (docs/ledger-format.md section 4): which log, how much of it, and which entries were asked for: `[from, to)`, of one ticket or all. */
export const BundleHeader = z
  .strictObject({
    bundle: z.literal(BUNDLE),
    exportedAt: z.string().refine(isTime),
    format: z.literal(FORMAT),
    from: z.int().min(0),
    log: LogId,
    origin: z.string(),
    size: z.int().min(0),
    ticket: z
      .string()
      .refine(({ length }) => length > 0 && length <= MOST_TICKET_UNITS)
      .optional(),
    to: z.int().min(0),
  })
  .refine(({ from, to, size }) => from <= to && to <= size)
  .refine(({ origin, log }) => logOfOrigin(origin) === log);
export type BundleHeader = z.infer<typeof BundleHeader>;

/** The first two members of every header, with which `BundleHeader` begins. */
export const BUNDLE_FORMAT = { bundle: BUNDLE, format: FORMAT } as const;

const AnyHeader = z.looseObject({ bundle: z.literal(BUNDLE), format: z.union([z.number(), z.string()]) });

/** Reads the first line of a bundle; where it is none, says why. Never throws. */
export function bundleHeaderIn(line: string): BundleHeader | string {
  const value = parsedJson(line);
  const any = AnyHeader.safeParse(value);
  if (value === undefined || !any.success) return 'this is no ledger bundle: its first line is not the header of one';
  if (any.data.format !== FORMAT)
    return `this bundle is of the format ${quoted(any.data.format)}, and only format ${FORMAT} is known here: a newer verifier may read it`;
  const header = BundleHeader.safeParse(value);
  return header.success && notCanonical(value, line) === undefined
    ? header.data
    : 'the header of the bundle is damaged';
}
