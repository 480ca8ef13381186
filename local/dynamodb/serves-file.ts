import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Whether the process is a DynamoDB server on this data file, by its command line (/proc, elsewhere `ps`; unknown counts as no). */
export async function servesFile(pid: number, dataPath: string): Promise<boolean> {
  const line = await commandLine(pid);
  return line.includes('dynoxide') && line.includes(dataPath);
}

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    return readFile(`/proc/${pid}/cmdline`, 'utf8').then(
      (text) => text.replaceAll('\0', ' '),
      () => '',
    );
  }
  return promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    () => '',
  );
}
