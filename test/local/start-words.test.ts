import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startOptions, USAGE } from '../../local/start-options.ts';
import { farewell, greeting } from '../../local/start-words.ts';

const url = 'http://127.0.0.1:4510';
const modes = [
  { id: 'btc-momentum', mode: 'KILLED' },
  { id: 'eurusd-carry', mode: 'OFF' },
];

describe('greeting', () => {
  it('says where to look and what to type next, with a strategy that can be launched', () => {
    const text = greeting({ url, data: '.tradepulse', modes });

    assert.match(text, /^✓ the control plane answers at http:\/\/127\.0\.0\.1:4510; its state is in \.tradepulse\n/);
    assert.match(text, /^ {2}npx tradepulse-cli deploy --env prod --strategy eurusd-carry --as trader +# launch/m);
    assert.match(text, /btc-momentum: KILLED {4}eurusd-carry: OFF/);
    assert.doesNotMatch(text, /--data/);
    assert.match(text, /Ctrl-C stops everything\.$/);
  });

  it('puts another data folder into every command', () => {
    const commands = greeting({ url, data: 'other', modes }).match(/^.*tradepulse-cli .*$/gm) ?? [];

    assert.equal(commands.length, 9);
    for (const command of commands) assert.match(command, / --data other +# /);
  });

  it('shows the way back from a kill, which is for people, or to begin anew', () => {
    assert.match(
      greeting({ url, data: '.tradepulse', modes }),
      /btc-momentum stays killed until people recover it; to begin anew here: npm start -- --fresh\n/,
    );
    assert.match(greeting({ url, data: 'other', modes }), /npm start -- --fresh --data other\n/);
    assert.doesNotMatch(greeting({ url, data: '.tradepulse', modes: modes.slice(1) }), /stays killed/);
  });

  it('has something to type when the modes are not known', () => {
    assert.match(greeting({ url, data: '.tradepulse', modes: [] }), /--strategy btc-momentum/);
  });
});

describe('farewell', () => {
  it('says what becomes of strategies that needed an engine', () => {
    const text = farewell([...modes, { id: 'live-one', mode: 'ACTIVE' }], '.tradepulse');

    assert.match(text, /^✓ stopped\n {2}btc-momentum: KILLED\n {2}eurusd-carry: OFF\n/);
    assert.match(text, /live-one: ACTIVE, without an engine: its orders were cancelled, .* finds it SAFE\n/);
    assert.match(text, /everything is kept in \.tradepulse; go on with: npm start$/);
  });

  it('names the folder to go on with, and no modes that could not be read', () => {
    assert.equal(
      farewell(undefined, 'other'),
      '✓ stopped\n  everything is kept in other; go on with: npm start -- --data other',
    );
  });
});

describe('startOptions', () => {
  it('start on the usual port and folder unless told otherwise', () => {
    const read = (...args: string[]) => {
      const { data, port, fresh, json, help } = startOptions(args);
      return [data, port, fresh, json, help];
    };

    assert.deepEqual(read(), ['.tradepulse', 4510, false, false, false]);
    assert.deepEqual(read('--data', 'x', '--port', '0', '--fresh', '--json', '-h'), ['x', 0, true, true, true]);
    assert.equal(startOptions(['--port', '65533']).port, 65_533);
  });

  it('refuse what they do not know or cannot mean, in a sentence', () => {
    for (const port of ['65534', 'x', '', '1.5', '-1', '4510 ', '123456'])
      assert.throws(() => startOptions([`--port=${port}`]), /is not a port: give a number from 1 to 65533, or 0/);
    assert.throws(() => startOptions(['--data=']), /--data needs the name of a folder/);
    assert.throws(() => startOptions(['--prot', '1']), /Unknown option '--prot'/);
    assert.throws(() => startOptions(['here']), /Unexpected argument 'here'/);
  });

  it('are all explained in the usage', () => {
    for (const option of ['--data', '--port', '--fresh', '--json', '--help']) assert.ok(USAGE.includes(`  ${option} `));
  });
});
