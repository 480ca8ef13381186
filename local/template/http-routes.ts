import * as z from 'zod';
import type { GatewayRoute, RouteAuthorizer } from './gateway-route.ts';
import { functionNameIn } from './lambda-functions.ts';
import type { Stack } from './open-stack.ts';

const Integration = z.object({
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
});
const Authorizer = z.object({
  AuthorizerType: z.literal('JWT'),
  IdentitySource: z.tuple([z.literal('$request.header.Authorization')]),
  JwtConfiguration: z.object({ Issuer: z.string(), Audience: z.array(z.string()) }),
});
const Stage = z.object({ ApiId: z.string(), StageName: z.string() });
const Route = z.object({
  ApiId: z.string(),
  RouteKey: z.string().regex(/^[A-Z]+ \/\S*$/, 'is not "METHOD /path"; $default is not served'),
  Target: z.string(),
  AuthorizationType: z.enum(['NONE', 'JWT']).default('NONE'),
  AuthorizerId: z.string().optional(),
  AuthorizationScopes: z.array(z.string()).default([]),
});

/** The routes of the stack's HTTP APIs: Lambda proxies with payload 2.0, behind a JWT authorizer or none. */
export function httpRoutes(stack: Stack): GatewayRoute[] {
  const integrations = byRef(stack.list('AWS::ApiGatewayV2::Integration', Integration));
  const authorizers = byRef(stack.list('AWS::ApiGatewayV2::Authorizer', Authorizer));
  const stages = stack.list('AWS::ApiGatewayV2::Stage', Stage);
  return stack.list('AWS::ApiGatewayV2::Route', Route).map(({ logicalId, properties }) => {
    const [method = '', path = ''] = properties.RouteKey.split(' ');
    const target = integrations.get(properties.Target.replace(/^integrations\//, ''));
    const functionName = functionNameIn(target?.IntegrationUri ?? '');
    if (!functionName) throw new Error(`${logicalId}: ${properties.Target} leads to no function of the template`);
    const authorizer = properties.AuthorizerId ? authorizers.get(properties.AuthorizerId) : undefined;
    if (properties.AuthorizationType === 'JWT' && !authorizer)
      throw new Error(`${logicalId} has no authorizer in the template`);
    return {
      payload: '2.0',
      method,
      path,
      functionName,
      apiId: properties.ApiId,
      stage: stages.find(({ properties: { ApiId } }) => ApiId === properties.ApiId)?.properties.StageName ?? '$default',
      ...(authorizer && { authorizer: tokensOf(authorizer, properties.AuthorizationScopes) }),
    };
  });
}

const byRef = <T>(resources: readonly { readonly ref: string; readonly properties: T }[]): ReadonlyMap<string, T> =>
  new Map(resources.map(({ ref, properties }) => [ref, properties]));

const tokensOf = (
  { JwtConfiguration: { Issuer, Audience } }: z.infer<typeof Authorizer>,
  scopes: readonly string[],
): RouteAuthorizer => ({ issuer: Issuer, audience: Audience, scopes });
