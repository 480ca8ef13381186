import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { StrategyId } from '../../domain/ids.ts';
import { RiskLimits, type StrategyLimits } from '../../domain/launch/risk-limits.ts';

const folder = join(import.meta.dirname, 'demo');
const artifactEnd = '.artifact.txt';

/** What is approved about a demo strategy: the bytes of its artifact, its parameters and its limits. */
export type DemoStrategy = {
  readonly id: StrategyId;
  readonly artifact: Buffer;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly limits: StrategyLimits;
};

/** The limits document as it is stored, comments included. */
export const demoLimits = (): Buffer => readFileSync(join(folder, 'limits.yaml'));

/** The demo strategies of `local/seed/demo/`, one for each artifact there. */
export function demoStrategies(): DemoStrategy[] {
  const { strategies } = RiskLimits.parse(parse(demoLimits().toString('utf8')));
  return readdirSync(folder)
    .filter((name) => name.endsWith(artifactEnd))
    .map((name) => {
      const id = StrategyId.parse(name.slice(0, -artifactEnd.length));
      const limits = strategies[id];
      if (!limits) throw new Error(`${folder}/limits.yaml has no limits for ${id}`);
      const parameters: unknown = JSON.parse(readFileSync(join(folder, `${id}.parameters.json`), 'utf8'));
      return {
        id,
        artifact: readFileSync(join(folder, name)),
        parameters: z.record(z.string(), z.unknown()).parse(parameters),
        limits,
      };
    });
}
