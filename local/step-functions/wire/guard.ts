import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '../service-error.ts';

const LOCAL = ['127.0.0.1', 'localhost'];

/**
 * Refuses what does not come from a local AWS client: another Host or Origin (a web page whose name was made to point
 * here), and, when the host gave one, any other access key id. Signatures are not checked.
 */
export function guard(headers: IncomingHttpHeaders, accessKeyId: string | undefined): void {
  if (!isLocal(`http://${headers.host ?? ''}`) || (headers.origin !== undefined && !isLocal(headers.origin))) {
    throw new ServiceError('AccessDeniedException', 'only requests to and from 127.0.0.1 are answered', 403);
  }
  if (accessKeyId === undefined) return;
  const [, given] = /Credential=([^/,\s]+)\//.exec(headers.authorization ?? '') ?? [];
  if (given !== accessKeyId) {
    const what = 'The security token included in the request is invalid: use the access key id of this installation.';
    throw new ServiceError('UnrecognizedClientException', what, 403);
  }
}

function isLocal(url: string) {
  const parsed = URL.parse(url);
  return parsed !== null && LOCAL.includes(parsed.hostname);
}
