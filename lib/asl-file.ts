import { readFileSync } from 'node:fs';
import * as z from 'zod';

const AslState = z.looseObject({
  Type: z.string(),
  Resource: z.string().optional(),
  TimeoutSeconds: z.union([z.number(), z.string()]).optional(), // a text is an expression
  Comment: z.string().optional(),
});
type AslState = z.infer<typeof AslState>;

/** A Lambda that a state machine names: `${LockDeployment}` in the file is `lock-deployment` in lambdas/<machine>/. */
export type AslStep = {
  readonly placeholder: string;
  readonly name: string;
  readonly comment: string;
  readonly timeoutSeconds: number;
};

/** How long a Lambda may take that only opens a question to people; the state's own timeout is for their answer. */
const ASKING_SECONDS = 30;
const LAMBDA_LIMIT_SECONDS = 900;

const kebab = (pascal: string) => pascal.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
const placeholdersOf = (value: unknown) =>
  [...JSON.stringify(value).matchAll(/\$\{([^}]*)\}/g)].map(([, name = '']) => name);

/** Every state of a machine, those inside Parallel branches and Map processors too. */
function statesOf(machine: unknown): AslState[] {
  if (typeof machine !== 'object' || machine === null) return [];
  const nested = Object.values(machine).flatMap(statesOf);
  const state = AslState.safeParse(machine);
  return state.success ? [state.data, ...nested] : nested;
}

function secondsFor({ Resource, TimeoutSeconds }: AslState): number {
  if (Resource?.endsWith('.waitForTaskToken')) return ASKING_SECONDS;
  if (typeof TimeoutSeconds === 'string') return LAMBDA_LIMIT_SECONDS;
  return Math.min(TimeoutSeconds ?? ASKING_SECONDS, LAMBDA_LIMIT_SECONDS);
}

/**
 * The Lambdas that an ASL file names, each once, in its order: the file decides which exist and how long they may run.
 * Throws when the file is not JSON or a placeholder is not a PascalCase name.
 */
export function aslSteps(file: string): readonly AslStep[] {
  const machine: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const states = statesOf(machine).filter(({ Resource }) => Resource !== undefined);
  return [...new Set(placeholdersOf(machine))].map((placeholder) => {
    if (!/^([A-Z][a-z0-9]*)+$/.test(placeholder))
      throw new Error(`${file}: \${${placeholder}} is not the PascalCase name of a step`);
    const users = states.filter((state) => placeholdersOf(state).includes(placeholder));
    const comment = users.map(({ Comment }) => Comment).find((text) => text !== undefined) ?? '';
    return { placeholder, name: kebab(placeholder), comment, timeoutSeconds: Math.max(...users.map(secondsFor), 1) };
  });
}
