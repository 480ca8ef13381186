import { type App, DefaultStackSynthesizer } from 'aws-cdk-lib';
import * as z from 'zod';
import { ControlPlaneStack } from './control-plane-stack.ts';
import { fromRoot } from './from-root.ts';
import { builtLambda, type LambdaCode } from './lambda-code.ts';
import { stageNamed } from './stage.ts';
import { readStrategies } from './strategies-config.ts';

/** What `cdk -c key=value` may say. The region stands in the template: a table with a customer key cannot be synthesized without one. */
const Settings = z.object({
  stage: z.string().default('dev'),
  region: z.string().default('us-east-1'),
  strategies: z.string().default(fromRoot('config/strategies.yaml')),
  checkpointKeys: z.coerce.number().int().min(1).max(100).default(1),
});

/** The stack `TradePulse` in an app, as the app's context asks for it. Tests give inline code instead of the built bundles. */
export function controlPlane(app: App, lambdaCode: LambdaCode = builtLambda): ControlPlaneStack {
  const context = (key: string): unknown => app.node.tryGetContext(key);
  const { stage, region, strategies, checkpointKeys } = Settings.parse({
    stage: context('stage'),
    region: context('region'),
    strategies: context('strategies'),
    checkpointKeys: context('checkpointKeys'),
  });
  return new ControlPlaneStack(app, 'TradePulse', {
    env: { region },
    synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }), // the cdk command checks it, and locally nothing could
    stage: stageNamed(stage),
    strategies: readStrategies(strategies),
    lambdaCode,
    checkpointKeyCount: checkpointKeys,
  });
}
