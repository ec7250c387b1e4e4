import type { RunOptions } from '#test/kit/scenario/run-scenario.ts';
import { asRunOptions, runOptions } from '#test/kit/trace-file/schedule-schema.ts';
import { UsageError } from '../failure.ts';
import { parseJson } from '../text/json-text.ts';

const NO_SCHEDULE =
  'expected what sweep and explore print behind "repeat:", or JSON such as {"seed":7,"latency":"5ms"}';

/** A schedule as one word that every shell passes on as it is. */
export function scheduleWord(options: RunOptions): string {
  return Buffer.from(JSON.stringify(options)).toString('base64url');
}

/** The schedule that a word, or JSON, stands for. @throws UsageError */
export function parseSchedule(text: string): RunOptions {
  const isJson = text.trimStart().startsWith('{');
  const json = isJson ? text : Buffer.from(text, 'base64url').toString('utf8');
  const value = parseJson(json);
  if (value === undefined) throw new UsageError(`--schedule: ${NO_SCHEDULE}`);
  const parsed = runOptions.safeParse(value);
  if (parsed.success) return asRunOptions(parsed.data);
  const issue = parsed.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  throw new UsageError(`--schedule: ${place}${issue?.message ?? NO_SCHEDULE}`);
}
