import * as z from 'zod';

const nothing = z.strictObject({});
const milliseconds = z.number().positive();
const times = z.array(z.number());

/** Where a server of the bench listens, and the secret that opens its channels, if it wants one. */
const endpoint = z.strictObject({ url: z.string(), token: z.string() });

export type Endpoint = z.output<typeof endpoint>;

/**
 * What the bench asks of the processes it starts. Servers are a management OS or a bare `ws` server,
 * clients a guest OS or bare `ws` clients; each pair answers the same commands, so that one plan
 * measures both. Times are in milliseconds.
 */
export const COMMANDS = {
  /** Server: begins to listen. */
  listen: { takes: nothing, gives: endpoint },
  /** Server: collects garbage once it has this many idle connections, and says what it holds. */
  memory: {
    takes: z.strictObject({ connections: z.int().min(0) }),
    gives: z.strictObject({ managedBytes: z.number(), residentBytes: z.number() }),
  },
  /** Client: opens connections beside those that it has. */
  connect: { takes: endpoint.extend({ connections: z.int().min(1) }), gives: nothing },
  /** Client: closes every connection in good order. */
  disconnect: { takes: nothing, gives: nothing },
  /** Client: one round trip after the other on the first connection; gives how long each took. */
  sequential: {
    takes: z.strictObject({ milliseconds }),
    gives: z.strictObject({ durations: times }),
  },
  /** Client: keeps so many round trips under way on each connection. */
  throughput: {
    takes: z.strictObject({ milliseconds, inFlight: z.int().min(1) }),
    gives: z.strictObject({ perSecond: z.number() }),
  },
  /** Guest: writes, one after the other, each of which makes the PF invalidate a block. */
  invalidations: {
    takes: z.strictObject({ milliseconds }),
    gives: z.strictObject({ writtenAt: times, handledAt: times }),
  },
  /** Host: when the PF called NdisMInvalidateConfigBlock since this was last asked. */
  invalidatedAt: { takes: nothing, gives: z.strictObject({ calledAt: times }) },
  /** Host and guest: turns the trace on or off. */
  trace: { takes: z.strictObject({ on: z.boolean() }), gives: nothing },
} as const;

export type CommandName = keyof typeof COMMANDS;
export type Taken<C extends CommandName> = z.output<(typeof COMMANDS)[C]['takes']>;
export type Given<C extends CommandName> = z.output<(typeof COMMANDS)[C]['gives']>;

/** What the bench writes to a process of its own. */
export const questionSchema = z.strictObject({
  id: z.int().min(1),
  command: z.string(),
  takes: z.unknown(),
});

export type Question = z.output<typeof questionSchema>;

/** What the process writes back; exactly one answer to each question. */
export const answerSchema = z.union([
  z.strictObject({ id: z.int().min(1), gives: z.unknown() }),
  z.strictObject({ id: z.int().min(1), failure: z.string() }),
]);

export type Answer = z.output<typeof answerSchema>;
