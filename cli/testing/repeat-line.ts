import type { RunOptions } from '#test/kit/scenario/run-scenario.ts';
import type { DriverFlags } from './scenario-file.ts';
import { scheduleWord } from './schedule-text.ts';

/** What needs no quotes in any shell. */
const PLAIN = /^[\w./:\\@%+=-]+$/;

/** The command line that repeats a run of a scenario file, under the drivers that were given for it. */
export function repeatLine(
  file: string,
  { pfMiniport, vfMiniport }: DriverFlags,
  options: RunOptions,
): string {
  const words = [
    ...['backchannel', 'check', file],
    ...(pfMiniport === undefined ? [] : ['--pf-miniport', pfMiniport]),
    ...(vfMiniport === undefined ? [] : ['--vf-miniport', vfMiniport]),
    ...['--schedule', scheduleWord(options)],
  ];
  return words.map((word) => (PLAIN.test(word) ? word : `"${word}"`)).join(' ');
}
