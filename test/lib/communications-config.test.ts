import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCommunications } from '../../lib/communications-config.ts';
import { synthesized } from './synthesized.ts';

const FILE = 'config/communications.yaml';

describe('the communication matrix in the template', () => {
  it('is given to the control plane as the file says it, with the digest of what it says', () => {
    const { template } = synthesized();

    template.hasResourceProperties('Custom::StrategyRegistry', {
      Communications: JSON.stringify(readCommunications(FILE)),
    });
  });

  it('is refused at synthesis when its file is wrong, with file, line, column and reason', () => {
    assert.throws(
      () => synthesized({ communications: 'config/strategies.yaml' }),
      /config\/strategies\.yaml is no communication matrix:\nconfig\/strategies\.yaml:\d+:\d+: /,
    );
  });
});
