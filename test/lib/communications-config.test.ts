import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCommunications } from '../../lib/communications-config.ts';
import { shippedMonitors } from '../fakes/shipped-monitors.ts';
import { synthesized } from './synthesized.ts';

const FILE = 'config/communications.yaml';

describe('the communication matrix, and the thresholds of monitoring, in the template', () => {
  it('are given to the control plane as their files say it, with the digest of what they say', () => {
    const { template } = synthesized();

    template.hasResourceProperties('Custom::StrategyRegistry', {
      Communications: JSON.stringify(readCommunications(FILE)),
      Monitors: JSON.stringify(shippedMonitors()),
    });
  });

  it('are refused at synthesis when their file is wrong, with file, line, column and reason', () => {
    assert.throws(
      () => synthesized({ monitors: 'config/strategies.yaml' }),
      /config\/strategies\.yaml is not valid:\nconfig\/strategies\.yaml:\d+:\d+: changed: /,
    );
    assert.throws(
      () => synthesized({ communications: 'config/strategies.yaml' }),
      /config\/strategies\.yaml is no communication matrix:\nconfig\/strategies\.yaml:\d+:\d+: /,
    );
  });
});
