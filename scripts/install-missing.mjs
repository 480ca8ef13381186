/**
 * Installs exactly what package-lock.json names, unless all of it is there: `npm start` and `npm test` of a fresh clone need nothing
 * before them, and afterwards no network. It runs on whatever Node the host has, before the pinned one is installed.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const oldestNode = 20;

/** What npm wrote down of its last installation; undefined when there was none. */
function installed() {
  try {
    return JSON.parse(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The folders of packages that are missing or of another version. One for another kind of machine is optional and may be absent. */
function missing() {
  const there = installed();
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted)
    .filter(([path, { version, optional }]) => {
      if (path === '') return false;
      const found = there?.[path];
      return found ? found.version !== version : !optional;
    })
    .map(([path]) => path);
}

const major = Number(process.versions.node.split('.')[0]);
if (major < oldestNode) {
  console.error(`✖ this is Node.js ${process.versions.node}; install version ${oldestNode} or newer, then try again`);
  process.exit(1);
}
const absent = missing();
if (absent.length > 0) {
  console.error(`▶ installing ${absent.length} packages (once; this takes about half a minute)`);
  const npm = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', npm, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error(
      '✖ the packages could not be installed. Is the npm registry reachable? The lines above say what npm found; then try again.',
    );
    process.exit(1);
  }
  console.error('✓ installed');
}
