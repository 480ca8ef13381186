import type { Context, Hono } from 'hono';
import { AwsError } from '../aws-error.ts';
import type { Plane } from './control-plane.ts';
import type { Deployment } from './deployment.ts';
import { deploymentReply, deploymentSummary } from './deployment-reply.ts';
import { paged, whole } from './paged.ts';
import { startDeployment } from './start-deployment.ts';
import { stopDeployment } from './stop-deployment.ts';

const path = '/applications/:application/environments/:environment/deployments';

/** Start, stop, read and list deployments. */
export function deploymentRoutes(app: Hono, { store, catalogue, now }: Plane) {
  const at = () => now().getTime();

  const placeOf = ({ req }: Context) => {
    const application = catalogue().application(req.param('application') ?? '');
    return { application, environment: catalogue().environment(application, req.param('environment') ?? '') };
  };

  const found = (context: Context): Deployment => {
    const { application, environment } = placeOf(context);
    const number = whole(context.req.param('number') ?? '', 'DeploymentNumber', 1, Number.MAX_SAFE_INTEGER);
    const deployment = store.deployments.one(application.id, environment.id, number);
    if (deployment) return deployment;
    throw new AwsError('ResourceNotFoundException', `Environment ${environment.id} has no deployment ${number}`, 404);
  };

  const about = (deployment: Deployment) => {
    const application = catalogue().application(deployment.application);
    const profile = catalogue().profile(application, deployment.profile);
    return [deployment, profile, store.versions.one(application.id, profile.id, deployment.version), at()] as const;
  };

  app.post(path, async (context) => {
    const { application, environment } = placeOf(context);
    const body = await context.req.json<unknown>().catch(() => {
      throw new AwsError('BadRequestException', 'The body is not JSON');
    });
    const deployment = startDeployment(store, catalogue(), application, environment, body, at());
    return context.json(deploymentReply(...about(deployment)), 201);
  });

  app.get(path, (context) => {
    const { application, environment } = placeOf(context);
    const all = store.deployments.all(application.id, environment.id);
    const page = paged(all, (name) => context.req.query(name));
    return context.json({ ...page, Items: page.Items.map((deployment) => deploymentSummary(...about(deployment))) });
  });

  app.get(`${path}/:number`, (context) => context.json(deploymentReply(...about(found(context)))));

  app.delete(`${path}/:number`, (context) => {
    const allowRevert = context.req.header('allow-revert') === 'true';
    return context.json(deploymentReply(...about(stopDeployment(store, found(context), allowRevert, at()))), 202);
  });
}
