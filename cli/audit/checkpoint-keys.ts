import { checkpointIn } from '../../domain/ledger/checkpoint.ts';
import { type NoteKey, noteKeyIn, signedNoteIn, signersOf } from '../../domain/ledger/signed-note.ts';
import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import { CheckpointKeys } from '../replies.ts';

/** Keys to judge signatures with, and whether somebody outside the control plane vouches for them. */
export type JudgingKeys = { readonly keys: readonly NoteKey[]; readonly fromOutside: boolean };

/** The keys that the control plane says sign its checkpoints, oldest first. */
export async function keysOfControlPlane(api: ApiClient): Promise<NoteKey[]> {
  const { keys } = await api.get('/v1/checkpoint-keys', CheckpointKeys);
  return keys.map((vkey) => {
    const key = noteKeyIn(vkey);
    if (!key) throw fail(`the control plane names '${vkey.slice(0, 120)}' as a key, which is none`, 'call the auditor');
    return key;
  });
}

/** A checkpoint that one of the keys has signed. Refuses any other text, naming what is wrong with it. */
export function signedCheckpoint(note: string, { keys }: JudgingKeys, log: string) {
  const opened = signedNoteIn(note);
  const checkpoint = opened && checkpointIn(opened.text);
  if (!checkpoint)
    throw fail('what should be a signed checkpoint is none', 'treat this as tampering, and call the auditor');
  if (signersOf(opened, keys).length === 0)
    throw fail(
      `the checkpoint of size ${checkpoint.size} is signed by none of the keys you trust`,
      'see whether your keys are out of date (tradepulse-cli audit keys); if they are not, treat this as tampering',
    );
  if (!checkpoint.origin.endsWith(`/${log}`))
    throw fail(`the checkpoint is of ${checkpoint.origin}, not of ${log}`, 'give a checkpoint of the same log');
  return checkpoint;
}

const fail = (message: string, next: string) => new CliError('parity', message, next, { code: 'LedgerBroken' });
