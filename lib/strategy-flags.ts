import { CfnOutput, NestedStack, Token } from 'aws-cdk-lib';
import {
  CfnApplication,
  CfnConfigurationProfile,
  CfnDeploymentStrategy,
  CfnEnvironment,
} from 'aws-cdk-lib/aws-appconfig';
import { Construct } from 'constructs';
import { byApplication, type StrategyConfig } from './strategies-config.ts';

/** The AppConfig ids of one strategy's flag, as register-strategies hands them on. */
export type FlagIds = {
  readonly applicationId: string;
  readonly environmentId: string;
  readonly profileId: string;
  readonly deploymentStrategyId: string;
};
type GroupProps = { readonly application: string; readonly strategies: readonly StrategyConfig[] };

/** One AppConfig application with an environment and a flag profile for each of its strategies; a stack of its own, so that many fit. */
class FlagGroup extends NestedStack {
  readonly applicationId: string;
  readonly flags: ReadonlyMap<string, Omit<FlagIds, 'deploymentStrategyId'>>;

  constructor(scope: Construct, id: string, { application, strategies }: GroupProps) {
    super(scope, id, { description: `TradePulse: live flags of the strategies of ${application}` });
    const { ref } = new CfnApplication(this, 'Application', { name: `tradepulse-${application}` });
    this.applicationId = this.#handedOn('ApplicationId', ref);
    this.flags = new Map(strategies.map((strategy, at) => [strategy.id, this.#flag(strategy, ref, at)]));
  }

  /** No version and no deployment: those have one writer, the control plane, or `cdk deploy` could flip a live strategy. */
  #flag({ id, environment }: StrategyConfig, applicationId: string, at: number) {
    const name = `${id}-${environment}`;
    const profile = new CfnConfigurationProfile(this, `Profile-${id}`, {
      applicationId,
      name: id,
      description: `live.enabled of ${id}`,
      locationUri: 'hosted',
      type: 'AWS.AppConfig.FeatureFlags',
    });
    const place = new CfnEnvironment(this, `Environment-${id}`, { applicationId, name });
    return {
      applicationId: this.applicationId,
      environmentId: this.#handedOn(`EnvironmentId${at}`, place.ref),
      profileId: this.#handedOn(`ProfileId${at}`, profile.ref),
    };
  }

  /** An output of this stack, as the stack around it names it. */
  #handedOn(name: string, value: string): string {
    new CfnOutput(this, name, { value });
    if (!this.nestedStackResource) throw new Error('a nested stack stands in its parent as a resource');
    return Token.asString(this.nestedStackResource.getAtt(`Outputs.${name}`));
  }
}

/** The flag of every strategy (architecture section 8), and the one deployment strategy: everything at once, no bake. */
export class StrategyFlags extends Construct {
  readonly deploymentStrategyId: string;
  readonly applicationIds: readonly string[];
  readonly #groups: readonly FlagGroup[];

  constructor(scope: Construct, id: string, { strategies }: { readonly strategies: readonly StrategyConfig[] }) {
    super(scope, id);
    this.deploymentStrategyId = new CfnDeploymentStrategy(this, 'AtOnce', {
      name: 'tradepulse-at-once',
      description: 'Everything at once and no bake: a flip is complete when it is deployed',
      growthType: 'LINEAR',
      growthFactor: 100,
      deploymentDurationInMinutes: 0,
      finalBakeTimeInMinutes: 0,
      replicateTo: 'NONE',
    }).ref;
    this.#groups = [...byApplication(strategies)].map(
      ([application, members]) => new FlagGroup(this, `Flags-${application}`, { application, strategies: members }),
    );
    this.applicationIds = this.#groups.map(({ applicationId }) => applicationId);
  }

  /** The ids of one strategy's flag. Throws for a strategy that was not given. */
  of(strategyId: string): FlagIds {
    const ids = this.#groups.map(({ flags }) => flags.get(strategyId)).find((found) => found !== undefined);
    if (!ids) throw new Error(`strategy ${strategyId} has no flag; it is not among the strategies of this stack`);
    return { ...ids, deploymentStrategyId: this.deploymentStrategyId };
  }
}
