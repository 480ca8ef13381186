import { githubPorts } from './github-ports.ts';
import { ports } from './ports.ts';

/** What the gates on approvals and CI take beside everything else. */
export const gatePorts = { ...ports, ...githubPorts };
