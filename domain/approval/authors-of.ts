import * as z from 'zod';
import { ActorId } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import type { Approval } from './approval.ts';
import type { Caller } from './caller.ts';

/** Who made a plan what it is, as the plan itself says it. */
const Authors = z.object({
  plan: z.object({
    manifest: z.object({ signers: z.array(ActorId) }),
    overrides: z.array(z.object({ id: z.string(), signers: z.array(ActorId) })),
  }),
});

/**
 * Four eyes on the change itself (issue "two signatures"): nobody confirms a launch whose manifest nobody else has signed, and nobody who put
 * their name to an override that it passes by. Judged on the signed document alone.
 */
export function refuseAuthor({ kind, document }: Approval, { subject }: Pick<Caller, 'subject'>): Refusal | undefined {
  const plan = kind === 'launch-confirmation' ? Authors.safeParse(document).data?.plan : undefined;
  if (!plan) return undefined;
  const { signers } = plan.manifest;
  if (signers.length > 0 && signers.every((signer) => signer === subject))
    return new Refusal(
      'ManifestSigner',
      'you alone have signed the manifest of this change: somebody else confirms its launch',
      'ask another person in your role to sign, or have the manifest signed by a second person',
    );
  const override = plan.overrides.find((each) => each.signers.includes(subject));
  if (!override) return undefined;
  return new Refusal(
    'OverrideSigner',
    `you have signed the override ${override.id} that this launch passes by: somebody else confirms it`,
    'ask another person in your role to sign',
    { override: override.id },
  );
}
