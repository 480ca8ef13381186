import { DEVICE_KEY_MEANS, wrongDeviceKey } from './device-key-proof.ts';
import type { FindingKind } from './finding.ts';
import { SERVICE_KEY_MEANS, wrongServiceKey } from './service-key-proof.ts';
import { isTime, type ShownEntry } from './shown-entry.ts';
import { wrongWebauthn } from './webauthn-proof.ts';

type Proof = ShownEntry['proofs'][number];

/** How proofs of one method are judged. `means` says what such a proof is worth; `wrong` what is wrong with one, if anything. */
export type ProofMethod = {
  readonly means: string;
  readonly wrong: (proof: Proof, entry: ShownEntry) => string | undefined;
};

/** Every method that this verifier can judge, by the name in `method`. A new one is one more line here. */
const METHODS: ReadonlyMap<unknown, ProofMethod> = new Map<unknown, ProofMethod>([
  [
    'oidc-totp',
    {
      means:
        "the control plane's own statement that the person had logged in with a second factor, not a signature by the person",
      wrong: wrongOidcTotp,
    },
  ],
  [
    'webauthn',
    { means: "a signature by a person's authenticator over the document named in the entry", wrong: wrongBy },
  ],
  ['device-key', { means: DEVICE_KEY_MEANS, wrong: wrongDeviceKey }],
  ['service-key', { means: SERVICE_KEY_MEANS, wrong: wrongServiceKey }],
]);

/** A login with a second factor: about the actor of the entry, and about the document of its payload. */
function wrongOidcTotp(proof: Proof, { actor, payload }: ShownEntry): string | undefined {
  if (Object.keys(proof).length !== 5) return 'has other members than acr, authTime, digest, method and subject';
  if (proof['subject'] !== actor) return 'is about somebody else than the actor of the entry';
  if (typeof proof['digest'] !== 'string' || proof['digest'] !== payload['digest'])
    return 'is about another document than the one in the payload';
  if (typeof proof['acr'] !== 'string' || !isTime(proof['authTime']))
    return 'does not say how or when the person had logged in';
  return undefined;
}

/** By the actor of the entry; or, in an entry that brings signatures of several people together, by one of those it names. */
function wrongBy(proof: Proof, { actor, payload }: ShownEntry): string | undefined {
  const { digest, nonce, approval, signatures } = payload;
  const named = Array.isArray(signatures) ? signatures.map((each: unknown) => Object(each).actor as unknown) : [];
  return wrongWebauthn(proof, { signers: [actor, ...named.map(String)], digest, nonce, approval });
}

/** What is wrong with the proofs of an entry. What cannot be judged is never taken for right. */
export function wrongProofs(entry: ShownEntry): { kind: FindingKind; what: string }[] {
  return entry.proofs.flatMap((proof): { kind: FindingKind; what: string }[] => {
    if (typeof proof['method'] !== 'string') return [{ kind: 'proof', what: 'holds a proof that names no method' }];
    const method = METHODS.get(proof['method']);
    if (!method) return [{ kind: 'proof-unknown', what: 'holds a proof by a method that this verifier cannot judge' }];
    const what = method.wrong(proof, entry);
    return what === undefined ? [] : [{ kind: 'proof', what: `holds a proof that ${what}` }];
  });
}

/** What the proofs of a method are worth, in words. */
export const meaningOf = (method: unknown): string | undefined => METHODS.get(method)?.means;
