import { readFileSync } from 'node:fs';

type AslState = { readonly TimeoutSeconds?: unknown; readonly Comment?: unknown; readonly Resource?: unknown };
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
  return 'Type' in machine ? [machine as AslState, ...nested] : nested;
}

function secondsFor({ Resource, TimeoutSeconds }: AslState): number {
  if (typeof Resource === 'string' && Resource.endsWith('.waitForTaskToken')) return ASKING_SECONDS;
  return typeof TimeoutSeconds === 'number' ? Math.min(TimeoutSeconds, LAMBDA_LIMIT_SECONDS) : ASKING_SECONDS;
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
    const comment = users.map(({ Comment }) => Comment).find((text) => typeof text === 'string') ?? '';
    return { placeholder, name: kebab(placeholder), comment, timeoutSeconds: Math.max(...users.map(secondsFor), 1) };
  });
}
