import { createAppConfig } from '../../../../local/aws/appconfig/appconfig.ts';

export const ids = {
  ApplicationId: 'app0001',
  EnvironmentId: 'env0001',
  ConfigurationProfileId: 'flag001',
  DeploymentStrategyId: 'instant',
};

const gradual = { deploymentDurationInMinutes: 10, growthFactor: 20, finalBakeTimeInMinutes: 5 };

export const resources = {
  applications: [{ id: 'app0001', name: 'TradePulse flags 1' }],
  environments: [
    { id: 'env0001', name: 'btc-momentum', applicationId: 'app0001' },
    { id: 'env0002', name: 'eurusd-carry', applicationId: 'app0001' },
  ],
  profiles: [
    { id: 'flag001', name: 'btc-momentum', applicationId: 'app0001', type: 'AWS.AppConfig.FeatureFlags' },
    { id: 'free001', name: 'notes', applicationId: 'app0001' },
  ],
  strategies: [
    {
      id: 'instant',
      name: 'At once, no bake',
      deploymentDurationInMinutes: 0,
      growthFactor: 100,
      finalBakeTimeInMinutes: 0,
    },
    { id: 'linear1', name: 'Linear', growthType: 'LINEAR' as const, ...gradual },
    { id: 'expone1', name: 'Exponential', growthType: 'EXPONENTIAL' as const, ...gradual },
  ],
};

export const flags = (enabled: boolean) =>
  Buffer.from(
    JSON.stringify({ version: '1', flags: { live: { name: 'live.enabled' } }, values: { live: { enabled } } }),
  );

/** The service on a file, with the resources registered and a clock the test moves. */
export function openAppConfig(dataPath: string, clock: { now: number }) {
  const appConfig = createAppConfig({ dataPath, now: () => new Date(clock.now) });
  appConfig.registerAppConfig(resources);
  return appConfig;
}
