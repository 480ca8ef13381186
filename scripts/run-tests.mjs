// npm test: every test once, in as few processes as they allow. A test file that is a process of its own costs a third of a second before its
// first line; the rules, entrances and commands start nothing and change nothing global, so each of the first two lists is one process. What
// starts hosts, or reads the environment when it is loaded, is a process for each file.
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

const COMPILED = ['--import', './test/compile-cache.ts', '--test'];
const TOGETHER = [
  ['test/domain/**'],
  ['test/{api,bench,cli,engine-sim,fakes,lib,rules,scripts,trace}/**', 'test/adapters/!(aws)/**'],
].map((patterns) => globSync(patterns.map((pattern) => `${pattern}/*.test.ts`)));
/** Whatever is in none of the lists, so that no test is left out. */
const APART = globSync('test/**/*.test.ts').filter((file) => !TOGETHER.flat().includes(file));

/** Runs node on test files, its output passed on line for line; answers its exit code and the numbers of its summary. */
function nodeTest(options, files, priority = 0) {
  const child = spawn(process.execPath, [...COMPILED, ...options, ...files], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (priority !== 0) setPriority(child.pid, priority);
  const counts = {};
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, name, count] = /^(?:ℹ|#) (tests|suites|pass|fail|cancelled|skipped|todo) (\d+)$/.exec(line) ?? [];
      if (name) counts[name] = Number(count);
      process.stdout.write(`${line}\n`);
    }
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code: code ?? 1, counts })));
}

// Hosts wait for one another, and leave a processor idle now and then: the lists run behind them, and take what is left.
const { PRIORITY_BELOW_NORMAL } = constants.priority;
const all = await Promise.all([
  nodeTest(['--test-concurrency=2'], APART),
  ...TOGETHER.map((files) => nodeTest(['--test-isolation=none'], files, PRIORITY_BELOW_NORMAL)),
]);
console.log('ℹ all together');
for (const name of ['tests', 'suites', 'pass', 'fail', 'cancelled', 'skipped', 'todo'])
  console.log(`ℹ ${name} ${all.reduce((sum, { counts }) => sum + (counts[name] ?? 0), 0)}`);
process.exitCode = all.some(({ code, counts }) => code !== 0 || !counts.tests) ? 1 : 0;
