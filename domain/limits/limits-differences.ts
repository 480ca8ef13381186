import type { StrategyLimits } from '../launch/risk-limits.ts';

/** One place where limits are told: the file, the manifest, an engine. `limits` is absent where only their digest is known. */
export type LimitsColumn = {
  readonly name: string;
  readonly digest: string | null;
  readonly limits?: StrategyLimits | undefined;
};

/** What one column says of a field: its value, `null` where it has none, `unknown` where only a digest is known. */
export type LimitsValue = string | number | null;

/** One field that is not the same everywhere, e.g. `instruments.BTC-USD.maxNotional`. */
export type LimitsDifference = { readonly path: string; readonly values: Readonly<Record<string, LimitsValue>> };

const DIGEST = 'digest';
const UNKNOWN = 'unknown';

/**
 * Where limits are not the same (runbook 1.4), field by field: none at all when every column has the same digest; else the digests
 * first, then each field that two of the columns say differently. Columns whose content nobody knows say `unknown`.
 */
export function limitsDifferences(columns: readonly LimitsColumn[]): LimitsDifference[] {
  if (new Set(columns.map(({ digest }) => digest)).size <= 1) return [];
  const digests = columns.map(({ name, digest }) => [name, digest] as const);
  const known = columns.map(({ name, digest, limits }) => ({ name, digest, fields: limits && fieldsOf(limits) }));
  const paths = [...new Set(known.flatMap(({ fields }) => [...(fields?.keys() ?? [])]))].toSorted();
  const rows = paths.map((path) => ({
    path,
    values: Object.fromEntries(known.map(({ name, digest, fields }) => [name, told(path, digest, fields)] as const)),
  }));
  return [{ path: DIGEST, values: Object.fromEntries(digests) }, ...rows.filter(isDifferent)];
}

function told(path: string, digest: string | null, fields: ReadonlyMap<string, LimitsValue> | undefined) {
  if (fields) return fields.get(path) ?? null;
  return digest === null ? null : UNKNOWN;
}

const isDifferent = ({ values }: LimitsDifference): boolean =>
  new Set(Object.values(values).filter((value) => value !== UNKNOWN)).size > 1;

/** Every number and word of the limits, by its path. */
function fieldsOf({ instruments, killThresholds, ...rest }: StrategyLimits): Map<string, LimitsValue> {
  return new Map<string, LimitsValue>([
    ...Object.entries(rest),
    ...Object.entries(instruments).flatMap(([name, caps]) =>
      Object.entries(caps).map(([cap, value]) => [`instruments.${name}.${cap}`, value] as const),
    ),
    ...Object.entries(killThresholds).map(([name, value]) => [`killThresholds.${name}`, value] as const),
  ]);
}
