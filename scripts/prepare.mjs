/** What has to be there before `npm start`, `npm test` and the like: installed packages, then Lambda bundles and template. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

await import('./install-missing.mjs');

const build = fileURLToPath(new URL('build-if-changed.ts', import.meta.url));
const runsTypeScript = Number(process.versions.node.split('.')[0]) >= 24;
if (runsTypeScript) await import(build);
else {
  // the first run of a fresh clone is still under the host's own Node, which may be too old for TypeScript
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const pinned = fileURLToPath(new URL(`../node_modules/node/bin/${name}`, import.meta.url));
  const { status, error } = spawnSync(pinned, [build], { stdio: 'inherit' });
  if (error) console.error(`✖ ${pinned} could not be run: ${error.message}. Delete node_modules, then try again.`);
  process.exitCode = status ?? 1;
}
