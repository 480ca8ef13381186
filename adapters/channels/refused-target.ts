const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Why nothing is sent to that address, in words that do not repeat it; undefined when it may be. The host stands on the list to the
 * letter (a port other than the usual one included), over https; http only to this machine. So whoever can write a webhook still
 * cannot make the control plane call what stands inside its network.
 */
export function refusedTarget(target: string, hosts: readonly string[]): string | undefined {
  if (!URL.canParse(target)) return 'its address is no URL';
  const { protocol, host, hostname, username, password } = new URL(target);
  if (username !== '' || password !== '') return 'its address holds a user name or password';
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback(hostname))) return 'its address is not https';
  if (!hosts.includes(host)) return `${host} is not one of MessageHosts (docs/deploy.md, Channels)`;
  return undefined;
}

/** The same for a mail server: `<host>:<port>` stands on the list to the letter. */
export const refusedServer = (host: string, port: number, hosts: readonly string[]): string | undefined =>
  hosts.includes(`${host}:${port}`)
    ? undefined
    : `${host}:${port} is not one of MessageHosts (docs/deploy.md, Channels)`;

/** Whether a name is this machine's own: there alone a connection may go without TLS. */
export const isLoopback = (host: string): boolean => LOOPBACK.includes(host);
