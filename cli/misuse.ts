import type { Command, CommanderError } from 'commander';

/** Whether commander ended a command because it was used wrongly; `--help` ends it as well. */
export function isMisuse(error: CommanderError): boolean {
  return error.exitCode !== 0 && error.code !== 'commander.help';
}

/** What was wrong on the command line, and what is expected there. */
export function explainMisuse(command: Command, error: CommanderError): string {
  const wrong = error.message.replace(/^error: |\.$/g, '').replaceAll('\n', ' ');
  return `${wrong}; ${expectation(command, error.code)}`;
}

function expectation(command: Command, code: string): string {
  const name = commandLine(command);
  switch (code) {
    case 'commander.unknownCommand':
      return `the commands are: ${command.commands.map((each) => each.name()).join(', ')}`;
    case 'commander.unknownOption':
      return `${name} takes: ${[...command.options.map(flagOf), '--help'].join(', ')}`;
    default:
      return `${name} --help shows the flags and an example`;
  }
}

function flagOf({ long, short }: { readonly long?: string; readonly short?: string }): string {
  return long ?? short ?? '';
}

/** `backchannel vf list`. */
function commandLine(command: Command): string {
  const { parent } = command;
  return parent === null ? command.name() : `${commandLine(parent)} ${command.name()}`;
}
