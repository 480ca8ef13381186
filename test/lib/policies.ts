import { resourcesOf } from './synthesized.ts';

export type Statement = { Effect: string; Action: string[]; Resource: string[]; role: string };

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** An ARN or reference as one text: `<Table.Arn>/index/list`. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const {
    Ref,
    'Fn::GetAtt': attribute,
    'Fn::Join': join,
  } = value as { Ref?: string; 'Fn::GetAtt'?: string[]; 'Fn::Join'?: [string, unknown[]] };
  if (Ref) return `<${Ref}>`;
  return attribute ? `<${attribute.join('.')}>` : (join?.[1] ?? []).map(textOf).join('');
}

/** Every statement of every role's policies, with the role's logical id. */
export function statementsOf(template: Record<string, unknown>): Statement[] {
  return resourcesOf(template, 'AWS::IAM::Policy').flatMap(([, { Properties }]) => {
    const { PolicyDocument, Roles } = Properties as {
      PolicyDocument: { Statement: Record<string, unknown>[] };
      Roles: unknown[];
    };
    return PolicyDocument.Statement.map((statement) => ({
      Effect: String(statement['Effect']),
      Action: list(statement['Action']).map(String),
      Resource: list(statement['Resource']).map(textOf),
      role: Roles.map(textOf).join(),
    }));
  });
}

/** What the function of this path below lambdas/ may do: `action on resource`, sorted. */
export function allowedTo(template: Record<string, unknown>, lambda: string): Statement[] {
  const role = resourcesOf(template, 'AWS::IAM::Role').find(
    ([, { Properties }]) => Properties['Description'] === `lambdas/${lambda}.ts`,
  );
  if (!role) throw new Error(`no role is described as lambdas/${lambda}.ts`);
  return statementsOf(template).filter((statement) => statement.role === `<${role[0]}>`);
}
