import type { JWTPayload } from 'jose';
import type { GatewayRoute } from '../template/gateway-route.ts';

/** A request that found its route and passed its authorizer: what proxy events are made of. */
export type GatewayRequest = {
  readonly route: GatewayRoute;
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Buffer;
  /** Path parameters, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Claims of the verified token; absent for open routes. */
  readonly claims?: JWTPayload;
  readonly requestId: string;
  readonly at: Date;
  readonly sourceIp: string;
  readonly account: string;
};
