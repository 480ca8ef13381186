import * as z from 'zod';

const Key = z
  .string()
  .regex(/^[a-z][a-zA-Z\d_-]{0,63}$/, 'a key begins with a-z and has up to 64 of letters, digits, _ and -');
const Value = z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]);
const Constraints = z.strictObject({
  type: z.enum(['string', 'number', 'boolean', 'array']),
  required: z.boolean().optional(),
  enum: z.array(z.union([z.string(), z.number()])).optional(),
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  elements: z.strictObject({ type: z.enum(['string', 'number']) }).optional(),
});
const stamps = { _createdAt: z.string().optional(), _updatedAt: z.string().optional() };
const Attributes = z
  .record(Key, z.strictObject({ description: z.string().optional(), constraints: Constraints.optional() }))
  .refine((attributes) => Object.keys(attributes).length <= 25, 'a flag has at most 25 attributes');
const Flag = z.strictObject({
  name: z.string().min(1).max(64).optional(),
  description: z.string().max(1024).optional(),
  attributes: Attributes.optional(),
  _deprecation: z.strictObject({ status: z.literal('planned'), date: z.string().optional() }).optional(),
  ...stamps,
});
const FlagValue = z.object({ enabled: z.boolean(), ...stamps }).catchall(Value);

/** A document of profile type AWS.AppConfig.FeatureFlags, version 1, without variants (aws-facts section 2). */
export const FlagDocument = z
  .strictObject({ version: z.literal('1'), flags: z.record(Key, Flag), values: z.record(Key, FlagValue) })
  .superRefine(({ flags, values }, context) => {
    for (const [key, value] of Object.entries(values)) {
      const problem = problemOf(value, flags[key]);
      if (problem) context.addIssue({ code: 'custom', path: ['values', key], message: problem });
    }
  });
export type FlagDocument = z.infer<typeof FlagDocument>;

/** Why the value does not fit the flag's definition, or undefined. */
function problemOf(
  { enabled: _, _createdAt, _updatedAt, ...attributes }: z.infer<typeof FlagValue>,
  flag?: z.infer<typeof Flag>,
) {
  if (!flag) return 'there is a value but no such flag';
  const declared = flag.attributes ?? {};
  const undeclared = Object.keys(attributes).find((name) => !Object.hasOwn(declared, name));
  if (undeclared !== undefined) return `attribute ${undeclared} is not declared in the flag`;
  const broken = Object.entries(declared).find(([name, { constraints }]) => !fits(attributes[name], constraints));
  return broken && `attribute ${broken[0]} does not meet its constraints`;
}

function fits(value: unknown, constraints: z.infer<typeof Constraints> | undefined): boolean {
  if (!constraints) return true;
  if (value === undefined) return constraints.required !== true;
  if ((Array.isArray(value) ? 'array' : typeof value) !== constraints.type) return false;
  return checks.every((holds) => holds(value, constraints));
}

const checks: ((value: unknown, constraints: z.infer<typeof Constraints>) => boolean)[] = [
  (value, { minimum = -Infinity, maximum = Infinity }) =>
    typeof value !== 'number' || (value >= minimum && value <= maximum),
  (value, { enum: allowed }) => {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return !allowed || values.every((one) => allowed.some((each) => each === one));
  },
  (value, { pattern }) => typeof value !== 'string' || pattern === undefined || new RegExp(pattern, 'u').test(value),
  (value, { elements }) => !Array.isArray(value) || !elements || value.every((one) => typeof one === elements.type),
];

/** What a reader of the flags gets: the values alone, of a disabled flag nothing but that it is disabled. */
export function flagValues({ values }: FlagDocument): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(values).map(([key, { enabled, _createdAt, _updatedAt, ...attributes }]) => [
      key,
      enabled ? { enabled, ...attributes } : { enabled },
    ]),
  );
}
