import type { CommandIo } from '../commands/command-io.ts';

/** A signal that is given when the user wants the command to end. */
export function abortedByUser(io: Pick<CommandIo, 'interrupted'>): AbortSignal {
  const ending = new AbortController();
  io.interrupted().then(
    () => ending.abort(),
    () => {},
  );
  return ending.signal;
}
