import { checkNicConfig, type ValueProblem } from './check-nic-config.ts';
import { pathText } from './config-path.ts';
import { JsonText } from './json-text.ts';
import type { NicConfig, NicConfigInput } from './nic-config.ts';
import { NicConfigError, type NicConfigProblem } from './nic-config-error.ts';

/**
 * The configuration that a file's text spells: JSON with comments.
 *
 * @param file the name for messages
 * @throws NicConfigError naming each problem with its line and column
 */
export function parseNicConfigText(text: string, file: string): NicConfig {
  const json = readJson(text, file);
  const checked = checkNicConfig(json.value);
  if ('config' in checked) return checked.config;
  const problems = checked.problems.map((problem) => ({
    ...located(problem),
    place: json.placeOf(problem.path, problem.atKey),
  }));
  throw new NicConfigError(file, problems);
}

/**
 * The configuration that a value is.
 *
 * @throws NicConfigError naming each problem with its path
 */
export function parseNicConfig(value: NicConfigInput): NicConfig {
  const checked = checkNicConfig(value);
  if ('config' in checked) return checked.config;
  throw new NicConfigError('NIC configuration', checked.problems.map(located));
}

function readJson(text: string, file: string): JsonText {
  // Some editors begin a file with a byte order mark, which is no part of its JSON.
  const json = parsed(text.replace(/^\uFEFF/, ''), file);
  if (json.problem !== undefined) throw new NicConfigError(file, [json.problem]);
  return json;
}

function parsed(text: string, file: string): JsonText {
  try {
    return new JsonText(text);
  } catch (error) {
    // The parser calls itself for each level, and a text can have more levels than the stack.
    if (!(error instanceof RangeError)) throw error;
    const place = { line: 1, column: 1 };
    const problem = { place, path: '', found: 'too many levels', expected: 'a NIC configuration' };
    throw new NicConfigError(file, [problem]);
  }
}

function located({ path, found, expected }: ValueProblem): NicConfigProblem {
  return { path: pathText(path), found, expected };
}
