import * as z from 'zod';
import type { GatewayRoute, RouteAuthorizer } from './gateway-route.ts';
import { functionNameIn } from './lambda-functions.ts';
import type { Stack } from './open-stack.ts';
import { rootOf } from './resource-names.ts';

const Resource = z.object({ PathPart: z.string(), ParentId: z.string() });
const Stage = z.object({ RestApiId: z.string(), StageName: z.string() });
const Authorizer = z.object({ Type: z.literal('COGNITO_USER_POOLS'), ProviderARNs: z.array(z.string()) });
const Method = z.object({
  HttpMethod: z.string(),
  RestApiId: z.string(),
  ResourceId: z.string(),
  AuthorizationType: z.enum(['NONE', 'COGNITO_USER_POOLS']),
  AuthorizerId: z.string().optional(),
  AuthorizationScopes: z.array(z.string()).default([]),
  Integration: z.object({ Type: z.literal('AWS_PROXY'), Uri: z.string() }),
});

/** The routes of the stack's REST APIs. Anything but a Lambda proxy behind a Cognito authorizer (or none) is refused. */
export function restRoutes(stack: Stack): GatewayRoute[] {
  const paths = pathsOf(stack);
  const stages = stack.list('AWS::ApiGateway::Stage', Stage);
  const authorizers = new Set(stack.list('AWS::ApiGateway::Authorizer', Authorizer).map(({ ref }) => ref));
  return stack.list('AWS::ApiGateway::Method', Method).map(({ logicalId, properties }) => {
    const { HttpMethod, RestApiId, ResourceId, Integration, AuthorizationType, AuthorizerId = '' } = properties;
    const functionName = functionNameIn(Integration.Uri);
    if (!functionName) throw new Error(`${logicalId}: ${Integration.Uri} is not the invocation of a function`);
    const secured = AuthorizationType === 'COGNITO_USER_POOLS';
    if (secured && !authorizers.has(AuthorizerId)) throw new Error(`${logicalId} has no authorizer in the template`);
    const authorizer: RouteAuthorizer = {
      issuer: stack.place.issuer,
      audience: [],
      scopes: properties.AuthorizationScopes,
    };
    return {
      payload: '1.0',
      method: HttpMethod,
      path: pathAt(ResourceId, paths, logicalId),
      functionName,
      apiId: RestApiId,
      stage: stages.find(({ properties: { RestApiId: id } }) => id === RestApiId)?.properties.StageName ?? 'live',
      ...(secured && { authorizer }),
    };
  });
}

/** Full paths by resource id: each resource knows its own part and its parent. */
function pathsOf(stack: Stack): ReadonlyMap<string, string> {
  const resources = stack.list('AWS::ApiGateway::Resource', Resource);
  const byId = new Map(resources.map((resource) => [resource.ref, resource] as const));
  const roots = new Map(
    stack.list('AWS::ApiGateway::RestApi', z.object({})).map(({ logicalId }) => [rootOf(logicalId), ''] as const),
  );
  const pathOf = (id: string, below: string): string => {
    const resource = byId.get(id);
    if (!resource) return pathAt(id, roots, below);
    return `${pathOf(resource.properties.ParentId, resource.logicalId)}/${resource.properties.PathPart}`;
  };
  const paths = resources.map(({ ref, logicalId }) => [ref, pathOf(ref, logicalId)] as const);
  return new Map([...[...roots.keys()].map((id) => [id, '/'] as const), ...paths]);
}

function pathAt(id: string, paths: ReadonlyMap<string, string>, whose: string): string {
  const path = paths.get(id);
  if (path !== undefined) return path;
  throw new Error(`${whose} is below ${id}, which is no resource of a REST API in the template`);
}
