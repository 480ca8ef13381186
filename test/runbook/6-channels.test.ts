import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { readMatrix } from '../../adapters/yaml/read-matrix.ts';
import { fromRoot } from '../../lib/from-root.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { onALocalHost } from './on-a-local-host.ts';
import { told } from './told.ts';

const FILE = 'config/communications.yaml';

describe('runbook 6: the channels of the matrix', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  const { channels } = readMatrix(readFileSync(fromRoot(FILE), 'utf8'), FILE);

  it('take a message each, as Slack, PagerDuty and SES would, and keep it as it was rendered', async () => {
    for (const channel of Object.keys(channels)) {
      const { status } = await here.ask('/v1/channel-tests', { as: 'sre', body: { channel } });
      assert.equal(status, 200, channel);
    }

    const deliveries = await told(here, { trigger: 'channel-test' }, Object.keys(channels));

    for (const { channel, via, subject } of deliveries) {
      const { lines } = await here.cli('outbox', '--channel', channel);
      assert.deepEqual(
        lines.map((line) => [line['via'], line['subject']]),
        [[via, subject]],
      );
    }
  });
});
