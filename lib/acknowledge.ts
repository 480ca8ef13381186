import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

type Part = string | { readonly Ref: string } | { readonly 'Fn::GetAtt': readonly [string, string] };

const shown = (part: Part): string => {
  if (typeof part === 'string') return part;
  return 'Ref' in part ? `<${part.Ref}>` : `<${part['Fn::GetAtt'].join('.')}>`;
};

/** An ARN as cdk-nag writes it in a finding, e.g. `<Bucket123.Arn>/reports/*`. */
function asFound(scope: IConstruct, arn: string): string {
  const resolved: unknown = Stack.of(scope).resolve(arn);
  if (typeof resolved === 'object' && resolved !== null && 'Fn::Join' in resolved) {
    const [, parts] = resolved['Fn::Join'] as [string, Part[]];
    return parts.map(shown).join('');
  }
  return shown(resolved as Part);
}

/** Tells reviewers, and cdk-nag, why one wildcard in the policies below this scope is as narrow as it can be. */
export function acknowledgeWildcard(scope: IConstruct, arn: string, reason: string) {
  Validations.of(scope).acknowledge({ id: `AwsSolutions-IAM5[Resource::${asFound(scope, arn)}]`, reason });
}
