import type { Ports } from '../ports/ports.ts';
import { LIMITS_KEY, RiskLimits } from './risk-limits.ts';

/** The approved limits of all strategies as they stand now; nothing where they are not there, or cannot be read: for what is told without them. */
export async function readRiskLimits({
  evidence,
  parseYaml,
}: Pick<Ports, 'evidence' | 'parseYaml'>): Promise<RiskLimits | undefined> {
  const file = await evidence.read(LIMITS_KEY);
  return RiskLimits.safeParse(file && parseYaml(new TextDecoder().decode(file.bytes))).data;
}
