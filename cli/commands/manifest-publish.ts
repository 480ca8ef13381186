import type { Context } from '../context.ts';
import { readEnvelope } from '../manifest/envelope-file.ts';
import { ManifestPublished } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';

/** Brings a signed manifest to where the gates read it; the control plane judges it first. A launch that is under way is then about something else, and fails. */
export async function manifestPublish(context: Context, file: string): Promise<void> {
  const { out, surroundings, command } = context;
  const { envelope, manifest } = await readEnvelope(file);
  const strategy = String(manifest.subject[0]?.name);
  const api = await context.api('operate');
  const published = await api.post(strategyPath(strategy, 'manifests'), ManifestPublished, {
    body: envelope,
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', `${published.summary}: ${published.digest}`, undefined, published);
  out.note(
    `  signed by ${published.signers.join(', ')}${published.replaces ? `; takes the place of ${published.replaces}` : ''}`,
  );
  out.note(`  launch it: ${command(`deploy --env ${manifest.predicate.environment} --strategy ${strategy}`)}`);
}
