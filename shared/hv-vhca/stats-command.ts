/** The commands of the statistics agent; any other number, 1 to 65534, is a period of 100 ms each. */
export const STATS_COMMAND = { stop: 0, once: 0xffff } as const;

/** Milliseconds that each unit of a periodic command stands for. */
const PERIOD_UNIT_MS = 100;

/** Milliseconds from one report to the next; undefined for a command that has no period. */
export function periodOfCommand(command: number): number | undefined {
  const isPeriodic = command !== STATS_COMMAND.stop && command !== STATS_COMMAND.once;
  return isPeriodic ? command * PERIOD_UNIT_MS : undefined;
}

/** `stop`, `once` or `every 1000 ms`, for logs. */
export function statsCommandName(command: number): string {
  const period = periodOfCommand(command);
  if (period !== undefined) return `every ${period} ms`;
  return command === STATS_COMMAND.stop ? 'stop' : 'once';
}
