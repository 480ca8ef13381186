import { getRequestListener } from '@hono/node-server';
import type { FetchHandler } from '../aws/fetch-handler.ts';
import type { Identity } from '../identity/create-identity.ts';
import { sinksPath } from '../sinks/sinks.ts';
import { checkCaller } from './check-caller.ts';
import { answersPath } from './custom-resource-answers.ts';
import type { Listener } from './listen.ts';

export type FrontDoorOptions = {
  readonly port: number;
  readonly identity: Identity['callback'];
  readonly aws: FetchHandler;
  readonly answers: FetchHandler;
  /** Slack and PagerDuty of this machine. */
  readonly sinks: FetchHandler;
  readonly gateway: (request: Request) => Response | Promise<Response>;
  readonly onFault: (fault: unknown) => void;
};

/** The one port: who may come in at all, and which part answers, by the path. */
export function frontDoor({ port, identity, aws, answers, sinks, gateway, onFault }: FrontDoorOptions): Listener {
  const dispatch = (request: Request): Response | Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/aws/')) return aws(request);
    if (pathname.startsWith(answersPath)) return answers(request);
    if (pathname.startsWith(sinksPath)) return sinks(request);
    return gateway(request);
  };
  const errorHandler = (fault: unknown) => {
    onFault(fault);
    const detail = 'The local host failed at this request; host.log in its data folder says why.';
    return problem(500, 'Fault', detail, 'try again');
  };
  const listener = getRequestListener(async (request) => dispatch(request), { errorHandler });
  return (request, response) => {
    const refused = checkCaller(request, port);
    if (refused) {
      response.writeHead(403, { 'content-type': 'application/problem+json' });
      response.end(problemText(403, 'NotPermitted', refused, `use http://127.0.0.1:${port} from this machine`));
      return;
    }
    const { url = '/' } = request;
    if (url === '/oidc' || url.startsWith('/oidc/')) return identity(request, response);
    void listener(request, response);
  };
}

const problemText = (status: number, code: string, detail: string, next: string) =>
  JSON.stringify({ type: 'about:blank', title: code, status, detail, code, next });

const problem = (status: number, code: string, detail: string, next: string) =>
  new Response(problemText(status, code, detail, next), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });
