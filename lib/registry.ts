import { type CfnParameter, CustomResource, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { CalendarConfig } from './calendars-config.ts';
import type { MatrixConfig } from './communications-config.ts';
import type { ControlFunction } from './control-function.ts';
import type { EngineApi } from './engine-api.ts';
import type { DashboardConfig } from './live-dashboard.ts';
import type { ManifestKeyConfig } from './manifest-keys-config.ts';
import type { MonitorsConfig } from './monitors-config.ts';
import { runbookDigests } from './runbook-digests.ts';
import type { StrategyConfig } from './strategies-config.ts';
import type { StrategyFlags } from './strategy-flags.ts';

type RegistryProps = {
  readonly strategies: readonly StrategyConfig[];
  readonly calendars: readonly CalendarConfig[];
  readonly manifestKeys: readonly ManifestKeyConfig[];
  readonly live: DashboardConfig['live'];
  readonly communications: MatrixConfig;
  readonly monitors: MonitorsConfig;
  readonly flags: StrategyFlags;
  readonly engineApi: EngineApi;
  /** Parameters that urls may name as `${Name}`. */
  readonly bases: Readonly<Record<string, CfnParameter>>;
  readonly register: ControlFunction;
};

/**
 * Tells the control plane about its strategies at every deployment that changes them. Its properties are JSON text,
 * since CloudFormation turns the numbers of a structured property into strings.
 */
export class Registry extends Construct {
  /** The public half of the key that signs changes of strategies: base64 DER SPKI. CloudFormation cannot ask KMS for it. */
  readonly governancePublicKey: string;

  constructor(
    scope: Construct,
    id: string,
    {
      strategies,
      calendars,
      manifestKeys,
      live,
      communications,
      monitors,
      flags,
      engineApi,
      bases,
      register,
    }: RegistryProps,
  ) {
    super(scope, id);
    const resolved = (url: string) =>
      url.replace(/\$\{(\w+)\}/g, (whole, name: string) => bases[name]?.valueAsString ?? whole);
    const registrations = strategies.map((strategy) => ({
      ...strategy,
      venues: strategy.venues.map((venue) => ({ ...venue, url: resolved(venue.url) })),
      engines: strategy.engines.map(({ instanceId, controlUrl }) => ({
        instanceId,
        controlUrl: resolved(controlUrl),
        clientId: engineApi.clientIdOf(instanceId),
      })),
      flag: flags.of(strategy.id),
    }));
    const registry = new CustomResource(this, 'Strategies', {
      resourceType: 'Custom::StrategyRegistry',
      serviceToken: register.functionArn,
      properties: {
        Strategies: Stack.of(this).toJsonString(registrations),
        Calendars: JSON.stringify(calendars),
        ManifestKeys: JSON.stringify(manifestKeys),
        Dashboard: JSON.stringify(live),
        Communications: JSON.stringify(communications),
        Monitors: JSON.stringify(monitors),
        Runbook: JSON.stringify(runbookDigests()),
      },
    });
    this.governancePublicKey = registry.getAttString('GovernancePublicKey');
  }
}
