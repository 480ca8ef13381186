import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readCalendars } from '../../lib/calendars-config.ts';
import { fromRoot } from '../../lib/from-root.ts';
import { readStrategies } from '../../lib/strategies-config.ts';

const strategies = readStrategies(fromRoot('config/strategies.yaml'));
const folder = mkdtempSync(join(tmpdir(), 'tradepulse-venues-'));
after(() => rmSync(folder, { recursive: true }));
cpSync(fromRoot('config/venues/xsim.yaml'), join(folder, 'xsim.yaml'));

describe('readCalendars', () => {
  it('reads the calendars of the repository, one for every venue that a strategy names', () => {
    const codes = readCalendars(fromRoot('config/venues'), strategies).map(({ mic }) => mic);

    assert.deepEqual(codes, ['XCME', 'XCRY', 'XETR', 'XLON', 'XNAS', 'XNYS', 'XSIF', 'XSIM', 'XTKS']);
  });

  it('refuses a strategy at a venue without a calendar, and says which file is missing', () => {
    assert.throws(
      () => readCalendars(folder, strategies),
      new RegExp(
        `^Error: strategy eurusd-carry trades at XSIF, which has no calendar: add ${join(folder, 'xsif.yaml')}$`,
      ),
    );
  });

  it('refuses a file with a mistake by its line, and lets other files lie', () => {
    writeFileSync(join(folder, 'README.md'), 'not a calendar');
    writeFileSync(join(folder, 'xsif.yaml'), 'mic: XSIF\nname: Simulated FX venue\ntimeZone: Nowhere\n');

    assert.throws(
      () => readCalendars(folder, strategies),
      /xsif\.yaml is no calendar:\n.*xsif\.yaml:1:1: covers: Invalid input/,
    );
  });
});
