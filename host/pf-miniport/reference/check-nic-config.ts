import type * as z from 'zod';
import { type Path, pathText } from './config-path.ts';
import { type NicConfig, nicConfigSchema } from './nic-config.ts';

/** A problem of a value, before anything is known of the text that it came from. */
export interface ValueProblem {
  readonly path: Path;
  /** The path leads to a key that is wrong, rather than to a value. */
  readonly atKey: boolean;
  readonly found: string;
  readonly expected: string;
}

/** Characters of a found value that a problem shows. */
const SHOWN = 60;

/** The configuration that a value is, or what is wrong with it. */
export type CheckedNicConfig =
  | { readonly config: NicConfig }
  | { readonly problems: readonly ValueProblem[] };

export function checkNicConfig(value: unknown): CheckedNicConfig {
  const result = nicConfigSchema.safeParse(value);
  if (result.success) return { config: result.data };
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, value));
  return { problems: problems.filter(isFirstOfItsKind) };
}

/** One value can fail several checks that expect the same; that is one problem. */
function isFirstOfItsKind(
  problem: ValueProblem,
  index: number,
  problems: readonly ValueProblem[],
): boolean {
  const same = ({ path, expected }: ValueProblem): boolean =>
    expected === problem.expected && pathText(path) === pathText(problem.path);
  return problems.findIndex(same) === index;
}

function problemsOf(issue: z.core.$ZodIssue, value: unknown): ValueProblem[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => keyProblem([...path, key], issue.message));
  }
  if (issue.code === 'invalid_key') {
    return [keyProblem(path, issue.issues[0]?.message ?? issue.message)];
  }
  return [{ path, atKey: false, found: describe(valueAt(value, path)), expected: issue.message }];
}

function keyProblem(path: Path, expected: string): ValueProblem {
  return { path, atKey: true, found: `the key ${describe(path.at(-1))}`, expected };
}

function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Object.getOwnPropertyDescriptor(found, step)?.value;
  }
  return found;
}

/** A value as a person would name it. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
