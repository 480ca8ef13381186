import * as z from 'zod';
import type { Stack } from './open-stack.ts';

/** What a REST API itself answers, by API Gateway's name of the case (`UNAUTHORIZED`, ...): problem details and status. */
export type GatewayProblems = ReadonlyMap<
  string,
  { readonly status: number; readonly body: Readonly<Record<string, unknown>> }
>;

const GatewayResponse = z.object({
  ResponseType: z.string(),
  StatusCode: z.string(),
  ResponseTemplates: z.record(z.string(), z.string()).default({}),
});
const Body = z.record(z.string(), z.unknown());

/** The gateway responses of the template: the local gateway refuses in the very words of the deployed one. */
export function gatewayProblems(stack: Stack): GatewayProblems {
  return new Map(
    stack.list('AWS::ApiGateway::GatewayResponse', GatewayResponse).map(({ properties }) => {
      const text = properties.ResponseTemplates['application/problem+json'] ?? '{}';
      return [properties.ResponseType, { status: Number(properties.StatusCode), body: Body.parse(JSON.parse(text)) }];
    }),
  );
}
