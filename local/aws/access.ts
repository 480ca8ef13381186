import { timingSafeEqual } from 'node:crypto';
import { AwsError } from './aws-error.ts';
import type { FetchHandler } from './fetch-handler.ts';
import { jsonError } from './json-error.ts';
import { readLimited } from './read-limited.ts';
import { xmlError } from './xml-error.ts';

export type Access = {
  /** The random access key id of this installation: knowing it is what the `Credential=` of a request has to prove. */
  readonly accessKeyId: string;
  /** Largest request body in bytes; a larger one is refused with 413 before it is read to the end. */
  readonly maxBodyBytes: number;
  /** How the service behind writes its errors: S3 in XML, all others in JSON. */
  readonly errors?: 'json' | 'xml';
};

const ownHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i;

/**
 * Stands in front of every local AWS service: refuses foreign host names (DNS rebinding), anything a browser page sends (Origin),
 * a missing or foreign access key id, and oversize bodies. Signatures are not computed again: only this machine can connect.
 */
export function guardAccess(
  handle: FetchHandler,
  { accessKeyId, maxBodyBytes, errors = 'json' }: Access,
): FetchHandler {
  const answer = errors === 'xml' ? xmlError : jsonError;
  return async (request) => {
    try {
      checkHost(request.headers);
      checkKey(request.headers, accessKeyId, errors);
      return await handle(await readLimited(request, maxBodyBytes));
    } catch (error) {
      if (error instanceof AwsError) return answer(error);
      throw error;
    }
  };
}

function checkHost(headers: Headers) {
  const host = headers.get('host') ?? '';
  const origin = headers.get('origin');
  if (!ownHost.test(host)) {
    throw new AwsError('AccessDeniedException', `Host "${host}" is not this machine; use http://127.0.0.1:<port>`, 403);
  }
  if (origin !== null) {
    throw new AwsError(
      'AccessDeniedException',
      `Pages of a browser (Origin "${origin}") may not call AWS endpoints`,
      403,
    );
  }
}

function checkKey(headers: Headers, accessKeyId: string, errors: 'json' | 'xml') {
  const [, given] = /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\//.exec(headers.get('authorization') ?? '') ?? [];
  const whereToFind = 'take accessKeyId and secretAccessKey from local.json in the data folder';
  if (given === undefined) {
    throw new AwsError('MissingAuthenticationTokenException', `The request is not signed; ${whereToFind}`, 403);
  }
  if (!same(given, accessKeyId)) {
    const name = errors === 'xml' ? 'InvalidAccessKeyId' : 'UnrecognizedClientException';
    throw new AwsError(name, `The access key id is not the one of this installation; ${whereToFind}`, 403);
  }
}

function same(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
