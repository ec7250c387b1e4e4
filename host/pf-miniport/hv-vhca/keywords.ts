import { STATS_COMMAND } from '#shared/hv-vhca/stats-command.ts';

/** The settings of the PF, as its adapter's keywords give them. */
export interface HvVhcaPfKeywords {
  /** `StatsCommand`: what the PF commands the statistics agent of each VF that has one. */
  readonly statsCommand: number;
}

/** A keyword whose value cannot be used. */
export interface KeywordProblem {
  readonly keyword: string;
  readonly found: string;
  readonly expected: string;
}

/** Every second. */
const DEFAULT_STATS_COMMAND = '10';

/** The settings, or the first one that is not valid. */
export function readKeywords(
  configuration: ReadonlyMap<string, string>,
): HvVhcaPfKeywords | KeywordProblem {
  const found = configuration.get('StatsCommand') ?? DEFAULT_STATS_COMMAND;
  const statsCommand = parseStatsCommand(found);
  if (statsCommand !== undefined) return { statsCommand };
  const expected = 'stop, once, or 1 to 65534 units of 100 ms';
  return { keyword: 'StatsCommand', found, expected };
}

function parseStatsCommand(text: string): number | undefined {
  if (text === 'stop' || text === 'once') return STATS_COMMAND[text];
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return value > STATS_COMMAND.stop && value < STATS_COMMAND.once ? value : undefined;
}
