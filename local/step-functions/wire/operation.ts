import type { Engine } from '../engine.ts';
import { isObject, type Json, parseJson } from '../json.ts';
import { ServiceError } from '../service-error.ts';

/** The body of a request, as AWS JSON 1.0 carries it. */
export type Body = { readonly [name: string]: Json };

/** One operation of the Step Functions API. Throws ServiceError for a refusal. */
export type Operation = (engine: Engine, body: Body) => Record<string, Json | undefined>;

/** A required string of the body. */
export function text(body: Body, name: string): string {
  const value = body[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new ServiceError('ValidationException', `'${name}' is required, as a string`);
}

export function optionalText(body: Body, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
  throw new ServiceError('ValidationException', `'${name}' must be a string`);
}

/** Page size: 100 unless told, at most 1000. */
export function maxResults(body: Body): number {
  const value = body['maxResults'];
  if (value === undefined || value === null || value === 0) return 100;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 1000) return value;
  throw new ServiceError('ValidationException', "'maxResults' must be a whole number from 0 to 1000");
}

/** Reads an opaque page token made by `pageToken`. */
export function readToken(body: Body): Json | undefined {
  const token = optionalText(body, 'nextToken');
  if (token === undefined) return undefined;
  const position = parseJson(Buffer.from(token, 'base64url').toString());
  if (isObject(position) && position['after'] !== undefined) return position['after'];
  throw new ServiceError('InvalidToken', `Invalid Token: '${token}'`);
}

export function pageToken(after: Json): string {
  return Buffer.from(JSON.stringify({ after })).toString('base64url');
}

/** The wire carries times as seconds since the epoch, with a fraction. */
export function seconds(ms: number): number {
  return ms / 1000;
}
