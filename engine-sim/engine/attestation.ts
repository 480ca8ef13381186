import { digestOfDocument } from './document-digest.ts';
import { ENGINE, type InstanceSettings } from './engine-config.ts';
import type { InstanceCore } from './instance-core.ts';

/**
 * What this instance is configured with, beside its deployment: the same for every instance that is set up the same, so
 * nothing in it names this one (no name, address or secret).
 */
export const configurationOf = ({ venue, version }: InstanceSettings) => ({
  engine: ENGINE,
  version,
  venues: [{ venue: venue.id, kind: venue.kind }],
});

export const configurationDigestOf = (settings: InstanceSettings): string =>
  digestOfDocument(configurationOf(settings));

/** What is really loaded and configured here, as the reply to a deployment: never what was asked for. */
export function attestation(settings: InstanceSettings, core: InstanceCore) {
  const { loaded } = core.state();
  return {
    instanceId: settings.instanceId,
    artifactDigest: loaded?.artifactDigest ?? null,
    limitsDigest: loaded?.limitsDigest ?? null,
    parametersDigest: loaded?.parametersDigest ?? null,
    configurationDigest: configurationDigestOf(settings),
    configuration: configurationOf(settings),
  };
}
