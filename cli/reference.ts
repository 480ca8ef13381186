import type { Argument, Command, Option } from 'commander';
import { REFUSAL_CODES } from '../domain/refusal.ts';
import { commandPaths } from './completion.ts';
import { EXIT_CODES, exitOf } from './exit-codes.ts';

/** docs/cli.md, made from the definitions of the commands; a test keeps the two equal. */
export function reference(root: Command): string {
  const commands = commandPaths(root).filter(({ path, command }) => path.length > 0 && command.commands.length === 0);
  return `# tradepulse-cli

<!-- Made by: npx tradepulse-cli reference > docs/cli.md -->

In the repository: \`npx tradepulse-cli <command>\`. Results are on stdout; with \`--output jsonl\` stdout holds JSON objects and nothing
else, and every word for people is on stderr. Marks: \`▶\` under way, \`✓\` done, \`✖\` failed. Times are UTC. \`NO_COLOR\` is honoured.
Nothing but \`approve\` and \`flag enable\` ever asks a question, and those only at a terminal.

## Options of every command

${optionTable(root.options)}

## Commands

${commands.map(({ path, command }) => section(path, command)).join('\n')}
## Exit codes

A kill ends with 0 as soon as it is acknowledged; what is known about each engine is in its output.

| code | meaning | refusals |
|---|---|---|
${exitRows()}
`;
}

function section(path: string[], command: Command): string {
  const usage = [...path, ...command.registeredArguments.map(argumentText)].join(' ');
  const options = command.options.length > 0 ? `\n${optionTable(command.options)}\n` : '';
  return `### ${usage}\n\n${sentence(command.description())}\n${options}`;
}

function argumentText(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const optionTable = (options: readonly Option[]) => ['| option | |', '|---|---|', ...options.map(optionRow)].join('\n');

function optionRow({ flags, description, defaultValue, argChoices, mandatory, envVar }: Option): string {
  const extra = [
    mandatory && 'required',
    argChoices && `one of ${argChoices.join(', ')}`,
    defaultValue !== undefined && `default ${defaultValue}`,
    envVar && `environment ${envVar}`,
  ].filter(Boolean);
  return `| \`${flags}\` | ${description}${extra.length > 0 ? ` (${extra.join('; ')})` : ''} |`;
}

const exitRows = () =>
  Object.entries(EXIT_CODES)
    .map(
      ([name, [code, meaning]]) =>
        `| ${code} | ${meaning} | ${REFUSAL_CODES.filter((each) => exitOf(each) === name).join(', ')} |`,
    )
    .join('\n');
