import { spawn } from 'node:child_process';
import { platform } from 'node:os';

const OPENERS: Partial<Record<NodeJS.Platform, readonly [command: string, ...args: string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Opens an address in the person's browser, if there is one. Nothing depends on it: the address is printed as well. */
export function openBrowser(url: string): void {
  const [command, ...args] = OPENERS[platform()] ?? ['xdg-open'];
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
