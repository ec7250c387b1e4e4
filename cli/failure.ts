/** Exit codes of every command: it worked, the thing failed, it was used wrongly. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** The command did not do what it was asked, for a reason that its user can read. Exit code 1. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
}

/** The command was used wrongly: the message names what was given and what is expected. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
