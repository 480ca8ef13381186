import { type Context, Hono } from 'hono';
import { AwsError } from '../aws-error.ts';
import type { FetchHandler } from '../fetch-handler.ts';
import type { Catalogue } from './catalogue.ts';
import { createVersion } from './create-version.ts';
import { deploymentRoutes } from './deployment-routes.ts';
import { paged, whole } from './paged.ts';
import { resourceRoutes } from './resource-routes.ts';
import { served } from './served.ts';
import type { Store } from './store.ts';
import type { Version } from './version-table.ts';

export type Plane = { readonly store: Store; readonly catalogue: () => Catalogue; readonly now: () => Date };

const versionsPath = '/applications/:application/configurationprofiles/:profile/hostedconfigurationversions';

/** The AppConfig control plane: what the template registered, hosted versions, deployments. */
export function controlPlane(plane: Plane): FetchHandler {
  const app = new Hono();
  versionRoutes(app, plane);
  deploymentRoutes(app, plane);
  resourceRoutes(app, plane);
  return served(app);
}

function versionRoutes(app: Hono, { store, catalogue }: Plane) {
  const profileOf = (context: Context) => {
    const application = catalogue().application(context.req.param('application') ?? '');
    return catalogue().profile(application, context.req.param('profile') ?? '');
  };

  app.post(versionsPath, async (context) => {
    const content = new Uint8Array(await context.req.arrayBuffer());
    return versionReply(createVersion(store, profileOf(context), content, context.req.raw.headers), 201);
  });

  app.get(versionsPath, (context) => {
    const { id, applicationId } = profileOf(context);
    const label = context.req.query('version_label');
    const all = store.versions
      .all(applicationId, id)
      .filter((version) => label === undefined || matches(version, label));
    return context.json(paged(all.map(versionSummary), (name) => context.req.query(name)));
  });

  app.get(`${versionsPath}/:number`, (context) => {
    const { id, applicationId } = profileOf(context);
    const number = whole(context.req.param('number'), 'VersionNumber', 1, Number.MAX_SAFE_INTEGER);
    const version = store.versions.one(applicationId, id, number);
    if (version) return versionReply(version, 200);
    throw new AwsError('ResourceNotFoundException', `Profile ${id} has no version ${number}`, 404);
  });
}

/** A label filter may end in `*`. */
const matches = ({ label }: Version, wanted: string) =>
  wanted.endsWith('*') ? (label ?? '').startsWith(wanted.slice(0, -1)) : label === wanted;

function versionReply(
  { content, type, application, profile, number, description, label }: Version,
  status: number,
): Response {
  const optional = { ...(description !== null && { description }), ...(label !== null && { versionlabel: label }) };
  return new Response(Uint8Array.from(content), {
    status,
    headers: {
      'content-type': type,
      'application-id': application,
      'configuration-profile-id': profile,
      'version-number': String(number),
      ...optional,
    },
  });
}

const versionSummary = ({ application, profile, number, description, type, label }: Version) => ({
  ApplicationId: application,
  ConfigurationProfileId: profile,
  VersionNumber: number,
  Description: description ?? undefined,
  ContentType: type,
  VersionLabel: label ?? undefined,
});
