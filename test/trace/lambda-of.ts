/** The Lambda that a placeholder names: `${LockDeployment}` of the machine launch is `launch/lock-deployment`. */
export function lambdaOf(machine: string, placeholder: string): string | undefined {
  const name = /^\$\{(?<name>\w+)\}$/.exec(placeholder)?.groups?.['name'];
  return name && `${machine}/${name.replaceAll(/(?<!^)(?=[A-Z])/g, '-').toLowerCase()}`;
}
