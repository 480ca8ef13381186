import { AwsError } from '../aws-error.ts';
import type { AppConfigResources, Application, Environment, Profile, Strategy } from './resources.ts';

export type Catalogue = {
  readonly all: AppConfigResources;
  application(idOrName: string): Application;
  environment(application: Application, idOrName: string): Environment;
  profile(application: Application, idOrName: string): Profile;
  strategy(idOrName: string): Strategy;
};

/** Finds what the template registered, by id or by name; an id goes before a name. */
export function catalogueOf(all: AppConfigResources): Catalogue {
  return {
    all,
    application: (wanted) => find(all.applications, 'Application', wanted),
    environment: ({ id }, wanted) => find(within(all.environments, id), 'Environment', wanted),
    profile: ({ id }, wanted) => find(within(all.profiles, id), 'ConfigurationProfile', wanted),
    strategy(wanted) {
      if (wanted === 'AppConfig.AllAtOnce') {
        throw new AwsError(
          'BadRequestException',
          'AppConfig.AllAtOnce bakes for ten minutes, during which no other flip is possible; use the strategy of the template',
        );
      }
      return find(all.strategies, 'DeploymentStrategy', wanted);
    },
  };
}

const within = <Item extends { readonly applicationId: string }>(items: readonly Item[], id: string) =>
  items.filter(({ applicationId }) => applicationId === id);

function find<Item extends { readonly id: string; readonly name: string }>(
  items: readonly Item[],
  kind: string,
  wanted: string,
): Item {
  const found = items.find(({ id }) => id === wanted) ?? items.find(({ name }) => name === wanted);
  if (found) return found;
  const known = items.map(({ id, name }) => `${id} (${name})`).join(', ') || 'none';
  throw new AwsError('ResourceNotFoundException', `${kind} ${wanted} is not in the template; there is: ${known}`, 404, {
    ResourceName: kind,
    ResourceType: kind,
  });
}
