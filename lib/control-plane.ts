import { type App, DefaultStackSynthesizer } from 'aws-cdk-lib';
import * as z from 'zod';
import { readCalendars } from './calendars-config.ts';
import { readCommunications } from './communications-config.ts';
import { ControlPlaneStack } from './control-plane-stack.ts';
import { fromRoot } from './from-root.ts';
import { builtLambda, type LambdaCode } from './lambda-code.ts';
import { readLiveDashboard } from './live-dashboard.ts';
import { readManifestKeys } from './manifest-keys-config.ts';
import { readMonitorSettings } from './monitors-config.ts';
import { stageNamed } from './stage.ts';
import { readStrategies } from './strategies-config.ts';

/** What `cdk -c key=value` may say. The region stands in the template: a table with a customer key cannot be synthesized without one. */
const Settings = z.object({
  stage: z.string().default('dev'),
  region: z.string().default('us-east-1'),
  strategies: z.string().default(fromRoot('config/strategies.yaml')),
  venues: z.string().default(fromRoot('config/venues')),
  manifestKeys: z.string().default(fromRoot('config/manifest-keys.yaml')),
  dashboard: z.string().default(fromRoot('observability/dashboards/live.yaml')),
  communications: z.string().default(fromRoot('config/communications.yaml')),
  monitors: z.string().default(fromRoot('config/monitors.yaml')),
  checkpointKeys: z.coerce.number().int().min(1).max(100).default(1),
});

/** The stack `TradePulse` in an app, as the app's context asks for it. Tests give inline code instead of the built bundles. */
export function controlPlane(app: App, lambdaCode: LambdaCode = builtLambda): ControlPlaneStack {
  const context = (key: string): unknown => app.node.tryGetContext(key);
  const {
    stage,
    region,
    strategies: strategiesFile,
    venues,
    manifestKeys,
    dashboard,
    communications,
    monitors,
    checkpointKeys,
  } = Settings.parse({
    stage: context('stage'),
    region: context('region'),
    strategies: context('strategies'),
    venues: context('venues'),
    manifestKeys: context('manifestKeys'),
    dashboard: context('dashboard'),
    communications: context('communications'),
    monitors: context('monitors'),
    checkpointKeys: context('checkpointKeys'),
  });
  const strategies = readStrategies(strategiesFile);
  const calendars = readCalendars(venues, strategies);
  return new ControlPlaneStack(app, 'TradePulse', {
    env: { region },
    synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }), // the cdk command checks it, and locally nothing could
    stage: stageNamed(stage),
    strategies,
    calendars,
    manifestKeys: readManifestKeys(manifestKeys),
    dashboard: readLiveDashboard(dashboard),
    communications: readCommunications(communications),
    monitors: readMonitorSettings(monitors, strategies, calendars),
    lambdaCode,
    checkpointKeyCount: checkpointKeys,
  });
}
