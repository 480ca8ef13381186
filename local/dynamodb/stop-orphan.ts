import { readFile, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { servesFile } from './serves-file.ts';

/**
 * Stops the server a killed host left behind, by the pid file it wrote, and returns its pid. The process is stopped only if its
 * command line still names our data file: a pid may have been given to somebody else since.
 */
export async function stopOrphan(pidFile: string, dataPath: string): Promise<number | undefined> {
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  if (!Number.isInteger(pid) || pid <= 1 || !(await servesFile(pid, dataPath))) {
    await rm(pidFile, { force: true });
    return undefined;
  }
  process.kill(pid, 'SIGTERM');
  for (let waited = 0; waited < 5000 && (await servesFile(pid, dataPath)); waited += 20) await pause(20);
  if (await servesFile(pid, dataPath)) process.kill(pid, 'SIGKILL');
  await rm(pidFile, { force: true });
  return pid;
}
