import * as z from 'zod';
import type { Run } from '../control-record.ts';
import { Digest, RunId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { runKey } from '../run-key.ts';
import { GateResult } from './finding.ts';
import { GoNoGoDecision } from './go-no-go-decision.ts';
import { jsonIn } from './json-in.ts';
import { GO_NO_GO, PRECONDITIONS } from './run-files.ts';

/** The gates that one file of the run holds, with its digest. */
export const GatesOfFile = z.object({ file: z.string(), key: z.string(), hash: Digest, gates: z.array(GateResult) });

/** Every gate of a run with all its findings, in the order in which they were judged, and the decision that can be replayed. */
export const GatesOfRun = z.object({
  run: RunId,
  files: z.array(GatesOfFile),
  decision: GoNoGoDecision.nullable(),
});
export type GatesOfRun = z.infer<typeof GatesOfRun>;

const Gates = z.object({ gates: z.array(GateResult) });

/** The gates of a run as they were archived. A file that is not there yet is left out. Refuses a run that there is not. */
export async function readGates(
  id: string,
  ports: {
    readonly records: Pick<Ports['records'], 'get'>;
    readonly evidence: Pick<Ports['evidence'], 'read'>;
  },
): Promise<GatesOfRun> {
  const run = await ports.records.get('RUN', id);
  if (!run) throw new Refusal('UnknownRun', `there is no run ${id.slice(0, 100)}`, 'look at the list of runs');
  const [preconditions, smoke, decision] = await Promise.all([
    readFile(run, PRECONDITIONS, Gates, ports),
    readFile(run, 'smoke.json', Gates, ports),
    readFile(run, GO_NO_GO, GoNoGoDecision, ports),
  ]);
  const files = [preconditions, smoke].flatMap((each) => (each ? [{ ...each.filed, gates: each.content.gates }] : []));
  const decided = decision ? [{ ...decision.filed, gates: [decision.content.gate] }] : [];
  return { run: run.id, files: [...files, ...decided], decision: decision?.content ?? null };
}

async function readFile<Schema extends z.ZodType>(
  run: Run,
  file: string,
  schema: Schema,
  { evidence }: { readonly evidence: Pick<Ports['evidence'], 'read'> },
) {
  const key = runKey(run, file);
  const document = await evidence.read(key);
  const content = document && schema.safeParse(jsonIn(document.bytes)).data;
  return document && content !== undefined ? { filed: { file, key, hash: document.hash }, content } : undefined;
}
