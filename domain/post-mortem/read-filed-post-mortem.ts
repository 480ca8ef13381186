import type { EvidenceStore } from '../ports/evidence.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { incidentOf } from './incident-of.ts';
import type { PostMortem } from './post-mortem.ts';
import { postMortemPage } from './post-mortem-page.ts';
import { filedOf, signedPostMortem } from './sign-off.ts';

export type FiledPostMortem = {
  postMortem: PostMortem;
  /** Whether this version carries a recovery. */
  signedOff: boolean;
  /** The newest version as people read it: its text, what is done of its actions, and who has signed. */
  page: string;
};

/** The latest view of a kill's post-mortem, rendered from what was filed once. Refuses what `incidentOf` refuses, and NotFound while there is none. Throws where the text is not the one that was filed. */
export async function readFiledPostMortem(
  runId: string,
  {
    evidence,
    ...ports
  }: Pick<Ports, 'records' | 'demoAuthenticators'> & { readonly evidence: Pick<EvidenceStore, 'read'> },
): Promise<FiledPostMortem> {
  const incident = await incidentOf(runId, ports);
  const filing = await filedOf(incident.id, ports);
  const { postMortem, approval } = filing;
  if (!postMortem)
    throw new Refusal(
      'NotFound',
      `${incident.id} has no post-mortem yet`,
      `tradepulse-cli post-mortem draft ${incident.id}`,
    );
  const filed = await evidence.read(postMortem.file);
  if (filed?.hash !== postMortem.digest) throw new Error(`${postMortem.file} is not the text that was filed`);
  const text = new TextDecoder().decode(filed.bytes);
  const signedOff = !(signedPostMortem(filing, incident.id) instanceof Refusal);
  return { postMortem, signedOff, page: postMortemPage(text, postMortem, approval) };
}
