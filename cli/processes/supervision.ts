import * as z from 'zod';
import type { TraceEvent } from '#shared/trace/trace.ts';

/**
 * What a process that `start` or `demo` began tells its parent, over the channel that
 * node:child_process gives them.
 */
export type ChildReport =
  | { readonly type: 'ready'; readonly channelUrl: string; readonly controlUrl: string }
  | { readonly type: 'phase'; readonly device: string; readonly phase: string }
  | { readonly type: 'trace'; readonly events: readonly TraceEvent[] };

/** What the parent tells it: to end in good order. */
export const SHUTDOWN = { type: 'shutdown' } as const;

const shutdownSchema = z.object({ type: z.literal('shutdown') });

/** Whether a parent started this process and listens to it. */
export function isSupervised(): boolean {
  return process.send !== undefined;
}

/** Tells the parent, if there is one; resolves once the report is on its way. */
export function reportToParent(report: ChildReport): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(report, undefined, undefined, () => resolve());
  });
}

/**
 * Resolves when this process is to end. A supervised process waits for its parent's word, or for the
 * parent's end, and leaves Ctrl-C to it: the terminal sends that to both, and the parent knows in
 * which order the two sides end.
 */
export function shutdownRequested(): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => resolve();
    if (isSupervised()) {
      process.on('SIGINT', () => {});
      process.on('disconnect', finish);
      process.on('message', (message) => {
        if (shutdownSchema.safeParse(message).success) finish();
      });
    } else {
      process.once('SIGINT', finish);
    }
    process.once('SIGTERM', finish);
  });
}
