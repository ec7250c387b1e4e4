import { messageOf } from '#shared/message-of.ts';
import {
  type Answer,
  COMMANDS,
  type CommandName,
  type Given,
  questionSchema,
  type Taken,
} from './commands.ts';

/** The commands that a process of the bench understands. */
export type CommandHandlers = {
  readonly [C in CommandName]?: (takes: Taken<C>) => Given<C> | Promise<Given<C>>;
};

/**
 * Answers the process that started this one, until that one is gone: however it ended, its end of
 * the channel between them closes, and this process exits with it. Ctrl-C is left to that one: the
 * terminal sends it to both.
 */
export function serveCommands(handlers: CommandHandlers): void {
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit());
  process.on('message', (message) => {
    const { id, command, takes } = questionSchema.parse(message);
    run(handlers, command, takes).then(
      (gives) => answer({ id, gives }),
      (error: unknown) => answer({ id, failure: messageOf(error) }),
    );
  });
}

async function run(handlers: CommandHandlers, command: string, takes: unknown): Promise<unknown> {
  if (!isCommand(command)) throw new Error(`unknown command ${command}`);
  // Each handler takes what its own schema gives; TypeScript cannot follow the pair through a lookup.
  const handler = handlers[command] as ((takes: unknown) => unknown) | undefined;
  if (handler === undefined) throw new Error(`${command} is not for this process`);
  return await handler(COMMANDS[command].takes.parse(takes));
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

function answer(message: Answer): void {
  process.send?.(message);
}
