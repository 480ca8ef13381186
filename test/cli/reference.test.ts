import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { runCommand } from './run-command.ts';

describe('the reference', () => {
  it('in docs/cli.md is what the commands say of themselves', async () => {
    const { stdout } = await runCommand(['reference']);

    assert.equal(await readFile('docs/cli.md', 'utf8'), stdout, 'run: npx tradepulse-cli reference > docs/cli.md');
  });
});

describe('completion', () => {
  it('for bash is a script that bash accepts and that completes commands and options', async () => {
    const { stdout } = await runCommand(['completion', 'bash']);

    const asked = `${stdout}\nCOMP_WORDS=(tradepulse-cli flag en); COMP_CWORD=2; _tradepulse_cli; echo "\${COMPREPLY[*]}"\nCOMP_WORDS=(tradepulse-cli kill --rea); COMP_CWORD=2; _tradepulse_cli; echo "\${COMPREPLY[*]}"`;
    const bash = spawn('bash', ['-c', asked]);
    let answer = '';
    bash.stdout.on('data', (data: Buffer) => {
      answer += data.toString();
    });
    const [code] = await once(bash, 'close');

    assert.equal(code, 0);
    assert.equal(answer, 'enable\n--reason\n');
  });

  it('exists for fish and zsh, and for nothing else', async () => {
    const ran = await Promise.all(['fish', 'zsh', 'tcsh'].map((shell) => runCommand(['completion', shell])));

    assert.deepEqual(
      ran.map(({ code }) => code),
      [0, 0, 2],
    );
  });
});
