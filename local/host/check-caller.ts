import type { IncomingMessage } from 'node:http';

/**
 * Why a request may not come in, or undefined. A page of some web site could reach 127.0.0.1 through the browser of whoever sits
 * here: by a name of its own that resolves to us (DNS rebinding, so the Host is checked) or by a cross-site request (so the Origin is).
 * Pages that send no referrer, as those of our login do, post with the origin `null`; no page can set what the browser adds to it.
 */
export function checkCaller({ headers }: Pick<IncomingMessage, 'headers'>, port: number): string | undefined {
  const names = ['127.0.0.1', 'localhost', '[::1]'];
  const own = names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])); // HTTP leaves its own port out
  const { host = '', origin } = headers;
  if (!own.includes(host.toLowerCase())) return `Host "${host}" is not this machine; use http://127.0.0.1:${port}`;
  if (origin === undefined || own.some((each) => origin.toLowerCase() === `http://${each}`)) return undefined;
  if (origin === 'null' && headers['sec-fetch-site'] === 'same-origin') return undefined;
  return `pages of ${origin} may not call this control plane`;
}
