import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fromRoot } from '../../lib/from-root.ts';

const json = (...path: string[]) => JSON.parse(readFileSync(fromRoot(...path), 'utf8'));

describe('the cdk command', () => {
  it('is 2.1148 or a later 2.x: npm’s latest, 3.0.0, cannot read what this library writes', () => {
    const version = execFileSync(process.execPath, [fromRoot('node_modules/aws-cdk/bin/cdk'), '--version'], {
      encoding: 'utf8',
    });

    const [, minor] = /^2\.(\d+)\./.exec(version) ?? [];
    assert.ok(Number(minor) >= 1148, version);
  });
});

describe('cdk.json', () => {
  const { app, context, notices, versionReporting } = json('cdk.json');

  it('takes every feature flag as the library recommends it', () => {
    assert.deepEqual(context, json('node_modules/aws-cdk-lib/recommended-feature-flags.json'));
  });

  it('runs the app as it stands, and asks nothing of the network', () => {
    assert.deepEqual(
      { app, notices, versionReporting },
      { app: 'node bin/control-plane.ts', notices: false, versionReporting: false },
    );
  });
});
