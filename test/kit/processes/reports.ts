import { writeSync } from 'node:fs';
import type { TraceEvent } from '#shared/trace/trace.ts';
import type { VerifierReport } from '#shared/verifier/report.ts';
import type { When } from '../faults/when.ts';

/** What a process of a world tells the one that started it, a line of JSON each. */
export type SideReport =
  | { readonly type: 'event'; readonly event: TraceEvent }
  /** The rule with this number was applied to the event with this one. */
  | { readonly type: 'fault'; readonly rule: number; readonly seq: number }
  /** A fault waits for an event that may happen in another process, from this time on. */
  | { readonly type: 'waits'; readonly id: number; readonly until: When; readonly since: number }
  /** A fault kills an operating system: a guest by its name, or the host. */
  | { readonly type: 'kill'; readonly guest: string | undefined }
  | { readonly type: 'verifier'; readonly report: VerifierReport }
  /** An error that nobody caught, most likely in a miniport. */
  | { readonly type: 'stray'; readonly message: string }
  /** It has started; a host says where it listens. */
  | { readonly type: 'ready'; readonly url: string | undefined }
  | { readonly type: 'answer'; readonly id: number; readonly gives?: unknown }
  | { readonly type: 'failed'; readonly id: number | undefined; readonly message: string };

/** The pipe for reports, behind stdin, stdout, stderr and the channel of node:child_process. */
export const REPORT_FD = 4;

/**
 * Tells something. It has left this process when this returns, so that one that is killed right after
 * has told all that happened before. Whoever listened being gone, there is nothing left to be done.
 */
export function report(what: SideReport): void {
  const line = Buffer.from(`${JSON.stringify(what)}\n`);
  try {
    for (let at = 0; at < line.byteLength; ) at += writeSync(REPORT_FD, line, at);
  } catch {
    process.exit(1);
  }
}
