import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as z from 'zod';
import { openStack } from '../../../local/template/open-stack.ts';
import { temporaryFolder } from '../aws/temporary-folder.ts';
import { aFunction, arnOf, place, type Written, writtenStack } from './written-stack.ts';

describe('openStack', () => {
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    temporary = await temporaryFolder();
  });
  after(() => temporary.remove());
  const open = (written: Written) => writtenStack(join(temporary.path, 'out'), written);
  const resource = (Type: string, Properties: object = {}) => ({ Type, Properties });
  const output = (Value: unknown, more: Written = {}) => open({ ...more, Outputs: { It: { Value } } }).output('It');

  it('lists the resources of a type or a family, with the properties that were asked for', () => {
    const stack = open({
      Resources: {
        A: resource('Custom::One', { Name: { Ref: 'AWS::Region' }, Other: { 'Fn::If': [] } }),
        B: resource('Custom::Two', { Name: 'b' }),
        C: resource('AWS::S3::Bucket'),
      },
    });

    const named = stack.list('Custom::', z.object({ Name: z.string() }));

    assert.deepEqual(
      named.map(({ logicalId, type, properties }) => [logicalId, type, properties]),
      [
        ['A', 'Custom::One', { Name: 'us-east-1' }],
        ['B', 'Custom::Two', { Name: 'b' }],
      ],
    );
    assert.throws(() => stack.list('Custom::', z.looseObject({})), /^Error: A \(Custom::One\): Other uses Fn::If/);
  });

  it('names the resource that is not as it has to be', () => {
    const stack = open({ Resources: { Fn: resource('AWS::Lambda::Function', { Timeout: 'soon' }) } });

    assert.throws(
      () => stack.list('AWS::Lambda::Function', z.object({ Timeout: z.number() })),
      /^Error: Fn \(AWS::Lambda::Function\) cannot be served: .*expected number/s,
    );
  });

  it('gives the names that AWS would have made up, the same at every start', () => {
    const Resources = {
      Table: resource('AWS::DynamoDB::GlobalTable'),
      Key: resource('AWS::KMS::Key'),
      Pool: resource('AWS::Cognito::UserPool'),
    };

    assert.equal(
      output({ 'Fn::GetAtt': ['Table', 'Arn'] }, { Resources }),
      'arn:aws:dynamodb:us-east-1:000000000000:table/Table',
    );
    assert.match(
      output({ Ref: 'Key' }, { Resources }),
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    assert.equal(output({ Ref: 'Key' }, { Resources }), output({ Ref: 'Key' }, { Resources }));
    assert.equal(output({ 'Fn::GetAtt': ['Pool', 'ProviderURL'] }, { Resources }), place.issuer);
  });

  it('resolves pseudo parameters, and parameters by what was given before their defaults', () => {
    const Parameters = { Url: { Default: 'http://d', AllowedPattern: 'http://.*' } };

    assert.equal(
      output({ 'Fn::Sub': '${AWS::Partition}:${AWS::StackName}:${AWS::AccountId}' }),
      'aws:Small:000000000000',
    );
    assert.equal(output({ Ref: 'Url' }, { Parameters }), 'http://d');
    assert.equal(output({ Ref: 'Url' }, { Parameters, parameters: { Url: 'http://given' } }), 'http://given');
    assert.throws(
      () => open({ Parameters, parameters: { Url: 'ftp://x' } }),
      /parameter Url is "ftp:\/\/x", which does not match/,
    );
    assert.throws(() => open({ Parameters, parameters: { Uri: 'x' } }), /has no parameter Uri; it has Url/);
  });

  it('refuses names that it does not know, and kinds that it does not serve', () => {
    const Resources = {
      Topic: resource('AWS::SNS::Topic'),
      Fn: aFunction(),
      Bad: aFunction({ Handler: { Ref: 'Gone' } }),
    };

    assert.throws(() => output({ Ref: 'Gone' }), /names Gone, which is not in the template/);
    assert.throws(
      () => output({ Ref: 'Topic' }, { Resources }),
      /needs Ref to Topic, a AWS::SNS::Topic, which this host does not serve/,
    );
    assert.throws(
      () => output({ 'Fn::GetAtt': ['Fn', 'Age'] }, { Resources }),
      /needs Fn\.Age, a AWS::Lambda::Function/,
    );
    assert.throws(() => open({ Outputs: { A: { Value: 1 } } }).output('B'), /no output B; it has A/);
    assert.throws(
      () => open({ Resources }).list('AWS::Lambda::Function', z.object({ Handler: z.string() })),
      /^Error: Bad \(AWS::Lambda::Function\): Handler names Gone/,
    );
  });

  it('takes in what a custom resource answered, and refuses to guess before', () => {
    const stack = open({
      Resources: { Maker: aFunction(), Own: resource('Custom::Own', { ServiceToken: arnOf('Maker') }) },
      Outputs: { Key: { Value: { 'Fn::GetAtt': ['Own', 'Key'] } } },
    });
    assert.throws(() => stack.output('Key'), /needs Own\.Key/);

    stack.setAttributes('Own', { Key: 'answered' });

    assert.equal(stack.output('Key'), 'answered');
  });

  it('reaches into nested stacks, whose names are told apart from those outside', () => {
    const nested = JSON.stringify({
      Resources: { Table: resource('AWS::DynamoDB::GlobalTable') },
      Outputs: { Name: { Value: { Ref: 'Table' } } },
    });
    const written = {
      Resources: {
        Table: resource('AWS::DynamoDB::GlobalTable'),
        Flags: resource('AWS::CloudFormation::Stack', {
          TemplateURL: { 'Fn::Sub': 'https://s3/${AWS::Region}/flags.json' },
        }),
      },
      assets: { 'flags.json': nested },
      Outputs: { It: { Value: { 'Fn::GetAtt': ['Flags', 'Outputs.Name'] } } },
    };

    assert.equal(open(written).output('It'), 'FlagsTable');
    assert.deepEqual(
      open(written)
        .list('AWS::DynamoDB::GlobalTable', z.object({}))
        .map(({ ref }) => ref),
      ['Table', 'FlagsTable'],
    );
    assert.throws(
      () => open({ ...written, assets: {} }),
      /the nested template .*flags\.json is not among the stack's assets; run: npm run synth/,
    );
  });

  it('hands parameters to nested stacks, what another nested stack tells among them', () => {
    const stackOf = (file: string, Parameters: object = {}) =>
      resource('AWS::CloudFormation::Stack', { TemplateURL: `https://s3/${file}`, Parameters });
    const maker = {
      Resources: { Table: resource('AWS::DynamoDB::GlobalTable') },
      Outputs: { Name: { Value: { Ref: 'Table' } } },
    };
    const user = {
      Parameters: { tableName: { Type: 'String' } },
      Resources: { Rule: resource('AWS::Events::Rule', { Name: { Ref: 'tableName' }, Other: { Ref: 'unheardOf' } }) },
    };
    const stack = open({
      Resources: {
        User: stackOf('user.json', { tableName: { 'Fn::GetAtt': ['Maker', 'Outputs.Name'] } }),
        Maker: stackOf('maker.json'),
      },
      assets: { 'user.json': JSON.stringify(user), 'maker.json': JSON.stringify(maker) },
    });
    const named = stack.list('AWS::Events::Rule', z.object({ Name: z.string() }));

    assert.deepEqual(
      named.map(({ properties }) => properties.Name),
      ['MakerTable'],
    );
    assert.throws(
      () => stack.list('AWS::Events::Rule', z.object({ Other: z.string() })),
      /User\/Rule \(AWS::Events::Rule\): Other names unheardOf, which is not in the template/,
    );
  });

  it('finds the files of a deployment, and says what to run when there are none', () => {
    const stack = open({ assets: { 'code.zip': 'bytes' } });

    assert.equal(stack.assetPath('code.zip'), join(temporary.path, 'out', 'asset.code.zip'));
    assert.throws(
      () => stack.assetPath('other.zip'),
      /the asset other\.zip is not in .*Small\.assets\.json; run: npm run synth/,
    );
  });

  it('names the file that is missing or no template, and the command that makes it', () => {
    const folder = join(temporary.path, 'nothing');
    const nothing = { folder, stackName: 'Small', parameters: {}, ...place };
    assert.throws(
      () => openStack(nothing),
      /Small\.assets\.json cannot be read as synthesized by the CDK: ENOENT.*Run: npm run synth/,
    );

    mkdirSync(folder);
    writeFileSync(join(folder, 'Small.assets.json'), '{"files":{}}');
    writeFileSync(join(folder, 'Small.template.json'), '{"Resources":[]}');

    assert.throws(() => openStack(nothing), /Small\.template\.json cannot be read as synthesized/);
  });
});
