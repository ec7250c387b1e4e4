import type { Logger } from 'pino';
import { messageOf } from '#shared/message-of.ts';
import { RecurringLog } from '#shared/recurring-log.ts';
import { stackOf } from '#shared/stack-of.ts';
import { type Clock, setPeriodicTimer, type Timer } from '#shared/time/clock.ts';
import { CommandFailure, EXIT } from '../failure.ts';
import { shutdownRequested } from './supervision.ts';

/** How long either side may take to end in good order; below what container engines wait. */
const SHUTDOWN_TIMEOUT_MS = 4_500;

/** How often a side that does not come up is told of. The timer also keeps the process waiting for it. */
const STILL_STARTING_MS = 10_000;

/** Either side, once it has started. */
export interface RunningSide {
  /** Resolves when it ends by itself; the text says why when that is a failure. */
  readonly ended: Promise<string | undefined>;
  /** Resolves with what was left behind, in sentences. */
  stop(): Promise<readonly string[]>;
}

/** Runs one side until it ends or is told to, and ends it in good order. */
export async function runProcess(
  log: Logger,
  clock: Clock,
  start: () => Promise<RunningSide>,
): Promise<void> {
  containStrayFailures(new RecurringLog(log, clock));
  const shutdown = shutdownRequested().then(() => limitShutdown(log, clock));
  const waiting = setPeriodicTimer(clock, STILL_STARTING_MS, () =>
    log.warn('still starting: the miniport has not returned from MiniportInitializeEx'),
  );
  const side = await startOrExplain(start).finally(() => waiting.cancel());
  const ending = await Promise.race([side.ended, shutdown]);
  if (typeof ending === 'string') throw new CommandFailure(ending);
  if (ending === undefined) return;
  const left = await side.stop().finally(() => ending.cancel());
  if (left.length > 0) throw new CommandFailure(left.join('; '));
  log.info('down');
}

/** A miniport may hold the shutdown up, or even the start, for as long as it likes. */
function limitShutdown(log: Logger, clock: Clock): Timer {
  log.info('shutting down');
  return clock.setTimer(SHUTDOWN_TIMEOUT_MS, () => {
    log.error(`still not down after ${SHUTDOWN_TIMEOUT_MS} ms; ending all the same`);
    process.exit(EXIT.failed);
  });
}

/** Errors with a message for people; each names what was wrong and what was expected. */
const EXPLAINED = new Set(['HostStartError', 'PlugInError', 'ListenError']);

async function startOrExplain(start: () => Promise<RunningSide>): Promise<RunningSide> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof Error && EXPLAINED.has(error.name))
      throw new CommandFailure(error.message);
    throw error;
  }
}

/**
 * A plug-in may throw where nothing of ours is on the stack, from a timer or a promise of its own.
 * That is reported, and takes no other VF down.
 */
function containStrayFailures(log: RecurringLog): void {
  const report = (error: unknown): void => {
    const message = `an error that nobody caught, most likely in a miniport: ${messageOf(error)}`;
    log.error('stray', { stack: stackOf(error) }, message);
  };
  process.on('uncaughtException', report);
  process.on('unhandledRejection', report);
}
