import * as z from 'zod';
import type { Ports } from '../ports/ports.ts';
import { reportsOf } from '../run-name.ts';
import type { Strategy } from '../strategy.ts';
import { CERTIFICATE_FILE } from './certificate-files.ts';
import { Exposure } from './exposure.ts';
import { EXPOSURE_FILE } from './exposure-file.ts';

const Certified = z.object({ exposure: z.object({ residual: z.unknown() }) });
const Residual = Exposure.omit({ engines: true });

/** What a killed strategy held when the kill came, and what was left when nothing rested any more; null for what is not recorded (yet). */
export type RecordedExposure = { atKill: Exposure | null; residual: z.infer<typeof Residual> | null };

/** Null for a strategy that is not killed. */
export async function readExposure(
  { id, latch }: Strategy,
  { evidence }: Pick<Ports, 'evidence'>,
): Promise<RecordedExposure | null> {
  if (!latch) return null;
  const folder = reportsOf(id, latch.runId, latch.at);
  const [atKill, certificate] = await Promise.all(
    [EXPOSURE_FILE, CERTIFICATE_FILE].map(async (file) => {
      const document = await evidence.read(`${folder}/${file}`);
      return document && (JSON.parse(new TextDecoder().decode(document.bytes)) as unknown);
    }),
  );
  const certified = Certified.safeParse(certificate).data?.exposure.residual;
  return { atKill: Exposure.safeParse(atKill).data ?? null, residual: Residual.safeParse(certified).data ?? null };
}
