import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { readProjectFile } from './project-files.ts';

const Pins = z.record(z.string(), z.string());
const Manifest = z.object({ dependencies: Pins, devDependencies: Pins, optionalDependencies: Pins });
const Locked = z.object({ version: z.string().optional(), integrity: z.string().optional() });
const LockFile = z.object({ packages: z.record(z.string(), Locked) });

const manifest = Manifest.parse(JSON.parse(await readProjectFile('package.json')));
const { packages } = LockFile.parse(JSON.parse(await readProjectFile('package-lock.json')));
const pins = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };

describe('package.json', () => {
  it('pins every dependency to one exact version', () => {
    const loose = Object.entries(pins).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));

    assert.deepEqual(loose, []);
  });
});

describe('the lock file', () => {
  it('holds the DynamoDB of every platform, or `npm ci` fails on the ones it lacks', () => {
    const platforms = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-x64'];
    const locked = platforms.filter((platform) => packages[`node_modules/@dynoxide/${platform}`]?.version);

    assert.deepEqual(locked, platforms);
  });

  it('holds the very versions that package.json pins', () => {
    const other = Object.entries(pins).filter(
      ([name, version]) => packages[`node_modules/${name}`]?.version !== version,
    );

    assert.deepEqual(other, []);
  });
});
