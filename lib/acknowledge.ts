import { Stack, Validations } from 'aws-cdk-lib';
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

/** An ARN as cdk-nag writes it in a finding, e.g. `<Bucket123.Arn>/reports/*`. */
const asFound = (scope: IConstruct, arn: string): string => Arn.parse(Stack.of(scope).resolve(arn)).map(shown).join('');

/** Tells reviewers, and cdk-nag, why one wildcard in the policies below this scope is as narrow as it can be. */
export function acknowledgeWildcard(scope: IConstruct, arn: string, reason: string) {
  Validations.of(scope).acknowledge({ id: `AwsSolutions-IAM5[Resource::${asFound(scope, arn)}]`, reason });
}
