import { expect } from 'vitest';
import type { Ending } from './command-process.ts';
import type { Finished } from './lab.ts';

/** A line of a stack trace. */
const STACK = /^\s+at /m;

/**
 * Holds a run to its exit code, and to what standard error tells people: it begins with the name of
 * the command and has each of these parts. A stack trace is nowhere.
 */
export function expectFailure(run: Finished, exitCode: Ending, ...parts: readonly string[]): void {
  const { ending, stdout, stderr } = run;
  expect(stderr).toMatch(/^backchannel: /);
  for (const part of parts) expect(stderr).toContain(part);
  expect(`${stdout}\n${stderr}`).not.toMatch(STACK);
  expect(ending).toBe(exitCode);
}
