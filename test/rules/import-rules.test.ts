import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linted } from './linted.ts';

const forbidden = {
  'domain/kill/a-value.ts': "import { x } from '../../adapters/aws/x.ts';\nexport const y = x;",
  'domain/kill/a-type.ts': "export type { X } from '../../adapters/aws/x.ts';",
  'domain/kill/a-re-export.ts': "export { x } from '../../lambdas/launch/x.ts';",
  'domain/kill/a-dynamic-import.ts': "export const x = () => import('../../local/x.ts');",
  'domain/kill/an-sdk.ts': "import { KMSClient } from '@aws-sdk/client-kms';\nexport const kms = new KMSClient({});",
  'domain/kill/a-host.ts': "import { readFile } from 'node:fs/promises';\nexport const read = readFile;",
  'domain/kill/a-hash-of-its-own.ts': "import { createHash } from 'node:crypto';\nexport const hash = createHash;",
  'domain/a-sibling-program.ts': "import { x } from '../engine-sim/x.ts';\nexport const y = x;",
  'domain/every-locale.ts': "import { z } from 'zod';\nexport const x = z.string();",
  'domain/crypto/a-file.ts': "import { readFile } from 'node:fs/promises';\nexport const read = readFile;",
  'domain/crypto/outward.ts': "import { x } from '../../adapters/aws/x.ts';\nexport const y = x;",
  'domain/launch/a-time-zone.ts': "import { Temporal } from 'temporal-polyfill';\nexport const now = Temporal.Now;",
  'domain/market/all-of-temporal.ts': "import { Temporal } from 'temporal-polyfill';\nexport const now = Temporal.Now;",
  'domain/market/a-file.ts': "import { readFile } from 'node:fs/promises';\nexport const read = readFile;",
  'domain/market/outward.ts': "import { x } from '../../adapters/yaml/x.ts';\nexport const y = x;",
  'lambdas/launch/an-adapter.ts': "import { X } from '../../adapters/aws/dynamo-x.ts';\nexport const y = X;",
  'lambdas/launch/an-sdk.ts': "import { KMSClient } from '@aws-sdk/client-kms';\nexport const kms = new KMSClient({});",
  'lambdas/launch/a-middleware.ts': "import middy from '@middy/core';\nexport const handler = middy();",
  'lambdas/launch/a-local-thing.ts': "import { x } from '../../local/x.ts';\nexport const y = x;",
  'lambdas/launch/every-locale.ts': "import { z } from 'zod';\nexport const x = z.string();",
  'lambdas/step.ts': "import { x } from '../adapters/engine/x.ts';\nexport const y = x;",
  'api/an-adapter.ts': "import type { X } from '../adapters/aws/dynamo-x.ts';\nexport type Y = X;",
  'api/a-stack.ts': "import { Stack } from 'aws-cdk-lib';\nexport const x = Stack;",
  'adapters/aws/outward.ts': "import { x } from '../../lambdas/x.ts';\nexport const y = x;",
  'adapters/engine/an-sdk.ts':
    "import { KMSClient } from '@aws-sdk/client-kms';\nexport const kms = new KMSClient({});",
  'adapters/engine/the-simulator.ts': "import { x } from '../../engine-sim/x.ts';\nexport const y = x;",
  'lib/a-domain-rule.ts': "import { kill } from '../domain/kill/kill.ts';\nexport const x = kill;",
  'lib/a-lambda.ts': "import { handler } from '../lambdas/kill/halt.ts';\nexport const x = handler;",
  'bin/control-plane.ts': "import { kill } from '../domain/kill/kill.ts';\nexport const x = kill;",
  'local/host/an-adapter.ts': "import { x } from '../../adapters/aws/x.ts';\nexport const y = x;",
  'local/host/a-lambda.ts': "import { handler } from '../../lambdas/kill/halt.ts';\nexport const x = handler;",
  'local/host/a-stack.ts': "import { Stack } from 'aws-cdk-lib';\nexport const x = Stack;",
  'engine-sim/an-adapter.ts': "import { x } from '../adapters/engine/x.ts';\nexport const y = x;",
  'engine-sim/a-domain-rule.ts': "import { kill } from '../domain/kill/kill.ts';\nexport const x = kill;",
  'cli/an-adapter.ts': "import { x } from '../adapters/aws/x.ts';\nexport const y = x;",
  'cli/the-host.ts': "import { x } from '../local/host/x.ts';\nexport const y = x;",
  'page/a-rule.ts': "import { kill } from '../domain/kill/kill.ts';\nexport const x = kill;",
  'page/a-host.ts': "import { readFile } from 'node:fs/promises';\nexport const read = readFile;",
  'page/the-server.ts': "import type { X } from '../api/x.ts';\nexport type Y = X;",
  'page/all-of-zod.ts': "import * as z from 'zod';\nexport const x = z.string();",
  'test/domain/every-locale.ts': "import { z } from 'zod';\nexport const x = z.string();",
};

const allowed = {
  'domain/kill/inward.ts':
    "import * as z from 'zod';\nimport { sha256 } from '../crypto/sha256.ts';\nexport const x = z.string();\nexport const y = sha256;",
  'domain/crypto/pure-computing.ts': "import { createHash } from 'node:crypto';\nexport const hash = createHash;",
  'domain/market/a-time-zone.ts':
    "import { create } from 'temporal-polyfill/fns/PlainDateTime';\nexport const at = () => create(2026, 11, 27);",
  'lambdas/launch/one-line-of-wiring.ts':
    "import { ports } from '../../adapters/aws/ports.ts';\nimport { x } from '../../domain/launch/x.ts';\nimport { step } from '../step.ts';\nexport const handler = step(x, ports);",
  'lambdas/api/query.ts': "import { app } from '../../api/app.ts';\nexport const handler = app;",
  'lambdas/step.ts': "import middy from '@middy/core';\nexport const step = middy();",
  'adapters/aws/an-sdk.ts': "import { KMSClient } from '@aws-sdk/client-kms';\nexport const kms = new KMSClient({});",
  'adapters/engine/inward.ts':
    "import { createHash } from 'node:crypto';\nimport type { X } from '../../domain/ports/x.ts';\nexport const y = (x: X) => createHash(x);",
  'lib/a-stack.ts': "import { Stack } from 'aws-cdk-lib';\nexport const x = Stack;",
  'lib/a-config-file.ts': "import { readYaml } from '../adapters/yaml/read-yaml.ts';\nexport const x = readYaml;",
  'bin/control-plane.ts':
    "import { App } from 'aws-cdk-lib';\nimport { x } from '../lib/x.ts';\nexport const y = new App(x);",
  'local/host/a-store.ts':
    "import { DatabaseSync } from 'node:sqlite';\nimport { x } from '../template/x.ts';\nexport const y = new DatabaseSync(x);",
  'engine-sim/the-same-signature-check.ts':
    "import { verify } from '../domain/crypto/ed25519.ts';\nexport const x = verify;",
  'cli/the-same-proof.ts': "import { root } from '../domain/ledger/merkle.ts';\nexport const x = root;",
  'cli/a-config-file.ts': "import { readYaml } from '../adapters/yaml/read-yaml.ts';\nexport const x = readYaml;",
  'page/what-browsers-share.ts':
    "import { startAuthentication } from '@simplewebauthn/browser';\nimport * as z from 'zod/mini';\nimport { canonicalJson } from '../domain/ledger/canonical-json.ts';\nimport { y } from './y.ts';\nexport const x = [startAuthentication, z, canonicalJson, y];",
  'test/adapters/an-sdk.ts': "import { KMSClient } from '@aws-sdk/client-kms';\nexport const kms = new KMSClient({});",
};

describe('folder imports', () => {
  it('refuse every forbidden import, and name the rule', async () => {
    const broken = await linted(forbidden);

    assert.deepEqual(filesThatBreak(broken, 'style/noRestrictedImports'), Object.keys(forbidden).toSorted());
  });

  it('let every allowed import through, with no other finding', async () => {
    const broken = await linted(allowed);

    assert.deepEqual([...broken], []);
  });
});

function filesThatBreak(broken: ReadonlyMap<string, readonly string[]>, rule: string): readonly string[] {
  return [...broken]
    .filter(([, rules]) => rules.includes(rule))
    .map(([path]) => path)
    .toSorted();
}
