import type { Command } from 'commander';
import { CliError } from './cli-error.ts';

const SHELLS: Record<string, (root: Command) => string> = { bash, zsh, fish };

/** Completion of commands and options for one shell, made from the definitions of the commands. */
export function completion(root: Command, shell: string): string {
  const make = SHELLS[shell];
  if (make) return make(root);
  throw new CliError('usage', `there is no completion for '${shell}'`, `one of: ${Object.keys(SHELLS).join(', ')}`, {
    code: 'UnknownShell',
  });
}

/** Every command that can be typed, by its path, with what may follow it. */
export function commandPaths(root: Command): { path: string[]; command: Command }[] {
  const below = (command: Command, path: string[]): { path: string[]; command: Command }[] => [
    { path, command },
    ...command
      .createHelp()
      .visibleCommands(command)
      .flatMap((each) => below(each, [...path, each.name()])),
  ];
  return below(root, []);
}

const optionsOf = (command: Command): string[] => {
  const help = command.createHelp();
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)].flatMap(({ long }) =>
    long ? [long] : [],
  );
};

const wordsAfter = (command: Command): string =>
  [
    ...command
      .createHelp()
      .visibleCommands(command)
      .map((each) => each.name()),
    ...optionsOf(command),
  ].join(' ');

const casesOf = (root: Command) =>
  commandPaths(root)
    .map(({ path, command }) => `    '${path.join(' ')}') words='${wordsAfter(command)}' ;;`)
    .join('\n');

/** Shared by bash and zsh: the command path is the words so far that are no options. */
function bash(root: Command): string {
  const groups = commandPaths(root).filter(({ command }) => command.commands.length > 0 && command !== root);
  const isGroup = groups.map(({ path }) => `'${path.join(' ')}'`).join('|') || "''";
  return `# tradepulse-cli completion: source <(npx tradepulse-cli completion bash)
_tradepulse_cli() {
  local current="\${COMP_WORDS[COMP_CWORD]}" typed='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* ]] && continue
    if [[ -z $typed ]]; then typed="$word"; else
      case "$typed" in ${isGroup}) typed="$typed $word" ;; esac
    fi
  done
  case "$typed" in
${casesOf(root)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _tradepulse_cli tradepulse-cli
`;
}

function zsh(root: Command): string {
  return `autoload -U +X bashcompinit && bashcompinit\n${bash(root)}`;
}

function fish(root: Command): string {
  const lines = commandPaths(root).flatMap(({ path, command }) => {
    const when = path.length === 0 ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${path.at(-1)}`;
    const commands = command
      .createHelp()
      .visibleCommands(command)
      .map((each) => `complete -c tradepulse-cli -f -n '${when}' -a ${each.name()} -d ${quoted(each.description())}`);
    const options = command.options.flatMap(({ long, description }) =>
      long
        ? [
            `complete -c tradepulse-cli -n '${path.length === 0 ? 'true' : when}' -l ${long.slice(2)} -d ${quoted(description)}`,
          ]
        : [],
    );
    return [...commands, ...options];
  });
  return `# tradepulse-cli completion: npx tradepulse-cli completion fish | source\n${lines.join('\n')}\n`;
}

const quoted = (text: string) => `'${text.replaceAll("'", "\\'")}'`;
