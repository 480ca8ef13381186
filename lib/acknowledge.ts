import { type IResolvable, Names, Reference, Stack, Tokenization, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import * as z from 'zod';

const Part = z.union([
  z.string(),
  z.object({ Ref: z.string() }),
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }),
]);
const Arn = z.union([
  Part.transform((part) => [part]),
  z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(Part)]) }).transform((arn) => arn['Fn::Join'][1]),
]);

const shown = (part: z.infer<typeof Part>): string => {
  if (typeof part === 'string') return part;
  return 'Ref' in part ? `<${part.Ref}>` : `<${part['Fn::GetAtt'].join('.')}>`;
};

/** What a nested stack calls a resource of the stack around it: the parameter that CDK will hand it in by. */
const parameterFor = ({ target, displayName }: Reference): string =>
  `<referenceto${Names.nodeUniqueId(target.node)}${displayName.replace(/[^A-Za-z0-9]/g, '')}>`;

/** A part of an ARN as cdk-nag writes it: `<Bucket123.Arn>`. */
function foundToken(stack: Stack, token: IResolvable): string {
  const here = Arn.parse(stack.resolve(token)).map(shown).join('');
  const elsewhere = Reference.isReference(token) && Stack.of(token.target) !== stack && !here.startsWith('<AWS::');
  return elsewhere ? parameterFor(token) : here;
}

/** An ARN as cdk-nag writes it in a finding, e.g. `<Bucket123.Arn>/reports/*`. */
function asFound(scope: IConstruct, arn: string): string {
  const stack = Stack.of(scope);
  return Tokenization.reverseString(arn)
    .mapTokens({ mapToken: (token) => foundToken(stack, token) })
    .join({ join: (left: unknown, right: unknown) => `${left ?? ''}${right ?? ''}` });
}

/** Tells reviewers, and cdk-nag, why one wildcard in the policies below this scope is as narrow as it can be. */
export function acknowledgeWildcard(scope: IConstruct, arn: string, reason: string) {
  Validations.of(scope).acknowledge({ id: `AwsSolutions-IAM5[Resource::${asFound(scope, arn)}]`, reason });
}
