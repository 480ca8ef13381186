import type { Hono } from 'hono';
import type { Plane } from './control-plane.ts';
import { paged } from './paged.ts';
import type { Environment, Profile, Strategy } from './resources.ts';

/** Reads of what the template registered. Nothing here can be created or changed over the wire: the template is the only source. */
export function resourceRoutes(app: Hono, { catalogue }: Plane) {
  const inApplication = (id: string) => {
    const application = catalogue().application(id);
    return ({ applicationId }: { readonly applicationId: string }) => applicationId === application.id;
  };

  app.get('/applications', ({ req, json }) =>
    json(paged(catalogue().all.applications.map(named), (name) => req.query(name))),
  );
  app.get('/applications/:application', ({ req, json }) =>
    json(named(catalogue().application(req.param('application')))),
  );

  app.get('/applications/:application/environments', ({ req, json }) => {
    const mine = catalogue().all.environments.filter(inApplication(req.param('application')));
    return json(paged(mine.map(environmentReply), (name) => req.query(name)));
  });
  app.get('/applications/:application/environments/:environment', ({ req, json }) => {
    const application = catalogue().application(req.param('application'));
    return json(environmentReply(catalogue().environment(application, req.param('environment'))));
  });

  app.get('/applications/:application/configurationprofiles', ({ req, json }) => {
    const mine = catalogue().all.profiles.filter(inApplication(req.param('application')));
    return json(paged(mine.map(profileReply), (name) => req.query(name)));
  });
  app.get('/applications/:application/configurationprofiles/:profile', ({ req, json }) => {
    const application = catalogue().application(req.param('application'));
    return json(profileReply(catalogue().profile(application, req.param('profile'))));
  });

  app.get('/deploymentstrategies', ({ req, json }) =>
    json(paged(catalogue().all.strategies.map(strategyReply), (name) => req.query(name))),
  );
  app.get('/deploymentstrategies/:strategy', ({ req, json }) =>
    json(strategyReply(catalogue().strategy(req.param('strategy')))),
  );
}

const named = ({ id, name }: { readonly id: string; readonly name: string }) => ({ Id: id, Name: name });

const environmentReply = ({ id, name, applicationId }: Environment) => ({
  ApplicationId: applicationId,
  Id: id,
  Name: name,
  State: 'READY_FOR_DEPLOYMENT',
});

const profileReply = ({ id, name, applicationId, type }: Profile) => ({
  ApplicationId: applicationId,
  Id: id,
  Name: name,
  LocationUri: 'hosted',
  Type: type,
});

const strategyReply = (strategy: Strategy) => ({
  Id: strategy.id,
  Name: strategy.name,
  DeploymentDurationInMinutes: strategy.deploymentDurationInMinutes,
  GrowthType: strategy.growthType,
  GrowthFactor: strategy.growthFactor,
  FinalBakeTimeInMinutes: strategy.finalBakeTimeInMinutes,
  ReplicateTo: 'NONE',
});
