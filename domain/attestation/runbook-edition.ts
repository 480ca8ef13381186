import * as z from 'zod';
import { Digest } from '../ids.ts';

/** The runbook that this deployment carries: the digests of `docs/runbook.md` and `config/runbook-trace.yaml`, byte for byte. */
export const RunbookDigests = z.object({ text: Digest, trace: Digest });
export type RunbookDigests = z.infer<typeof RunbookDigests>;

/** The same as it was registered, and since when. */
export const RunbookEdition = RunbookDigests.extend({ id: z.literal('runbook'), since: z.iso.datetime() });
export type RunbookEdition = z.infer<typeof RunbookEdition>;

/** As CloudFormation hands it over: JSON text. */
export const RunbookText = z.string().transform((text, context) => {
  const parsed = RunbookDigests.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  context.addIssue({ code: 'custom', message: z.prettifyError(parsed.error) });
  return z.NEVER;
});
