import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** A repository of its own for a script, with a stand-in for npm that is found first and never reaches a registry. */
export function scriptFolder(...scripts: string[]) {
  const path = mkdtempSync(join(tmpdir(), 'tradepulse-scripts-'));
  const write = (name: string, content: string | object) => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), typeof content === 'string' ? content : JSON.stringify(content));
  };
  mkdirSync(join(path, 'scripts'));
  for (const name of scripts)
    copyFileSync(join(import.meta.dirname, '../../scripts', name), join(path, 'scripts', name));
  write('package.json', { type: 'module' });
  return {
    path,
    write,
    read: (name: string) => (existsSync(join(path, name)) ? readFileSync(join(path, name), 'utf8') : undefined),
    remove: () => rmSync(path, { recursive: true, force: true }),
    /** From now on npm is this shell script; it writes its arguments to `npm-calls` first. */
    npmIs(lines: string) {
      write('bin/npm', `#!/bin/sh\necho "$@" >> ${join(path, 'npm-calls')}\n${lines}\n`);
      chmodSync(join(path, 'bin/npm'), 0o755);
    },
    run(script: string, ...args: string[]) {
      const PATH = [join(path, 'bin'), process.env['PATH']].join(delimiter);
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(path, 'scripts', script), ...args], {
        ...{ cwd: tmpdir(), encoding: 'utf8', env: { ...process.env, PATH } },
      });
      return { status, stdout, stderr };
    },
  };
}
