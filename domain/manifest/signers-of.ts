import type { ActorId } from '../ids.ts';
import type { JudgedSignature } from './judge-signatures.ts';

/** The people whose signatures count, each once: a key that somebody has twice makes them no second person. */
export const signersOf = (signatures: readonly JudgedSignature[]): ActorId[] => [
  ...new Set(signatures.flatMap(({ key, code }) => (key && code === undefined ? [key.holder] : []))),
];
