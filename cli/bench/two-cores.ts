import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Pair } from './pair.ts';

const run = promisify(execFile);

/** The cores on which servers and clients are kept. */
export interface TwoCores {
  readonly server: number;
  readonly client: number;
}

/**
 * The last two of the cores that this process may use; undefined where there are none, or no
 * `taskset` to ask. The first core is left to the machine, whose interrupts it often serves.
 */
export async function findTwoCores(): Promise<TwoCores | undefined> {
  try {
    const { stdout } = await run('taskset', ['-cp', String(process.pid)]);
    const [server, client] = coresOf(stdout).slice(-2);
    return server === undefined || client === undefined ? undefined : { server, client };
  } catch {
    return undefined;
  }
}

/**
 * Keeps each process of a pair on a core of its own. Left to itself, a scheduler moves a server and
 * a client that wait for each other onto one core and off it again, at its own times for each pair;
 * that alone changes a round trip five-fold. Only the main threads are kept, so collecting garbage
 * may still use what it likes.
 */
export async function keepOn(cores: TwoCores, pair: Pair): Promise<void> {
  await Promise.all([
    run('taskset', ['-cp', String(cores.server), String(pair.server.pid)]),
    run('taskset', ['-cp', String(cores.client), String(pair.client.pid)]),
  ]);
}

/** The cores in `pid 7's current affinity list: 0-2,5`. */
export function coresOf(text: string): number[] {
  const list = /: ([\d,-]+)\s*$/.exec(text)?.[1];
  if (list === undefined) return [];
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    if (first === undefined || last === undefined) return [];
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
