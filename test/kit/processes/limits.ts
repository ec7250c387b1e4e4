/**
 * How long a world of processes waits for anything that ought to come about, in milliseconds: longer
 * than the time-out of an OID request, which ends much that seems to hang.
 */
export const PATIENCE_MS = 20_000;

/** How long a process may take to start, on a machine that is busy, in milliseconds. */
export const START_MS = 30_000;

/** The longest that a scenario lets time pass at once between processes, in milliseconds. */
export const LONGEST_ADVANCE_MS = 10_000;

/** How long a world of processes may take to come to rest before it is left to go on, in milliseconds. */
export const RESTLESS_MS = 1_000;

/** How many events the processes of a run may report; one that causes more is stopped. */
export const MOST_EVENTS = 200_000;
