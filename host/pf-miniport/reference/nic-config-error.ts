/** One thing that is wrong with a NIC configuration. */
export interface NicConfigProblem {
  /** Where in the text, counted from 1; undefined for a configuration that is no text. */
  readonly place?: { readonly line: number; readonly column: number } | undefined;
  /** Where in the configuration: `vfs.3.multicast[0]`; empty for the whole of it. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
}

/** The problems that a message lists; more are only counted. */
const LISTED = 10;

/** A NIC configuration that cannot be used. Its message is for the person who wrote it. */
export class NicConfigError extends Error {
  override readonly name = 'NicConfigError';
  readonly problems: readonly NicConfigProblem[];

  /** @param source the file, or whatever else the configuration came from */
  constructor(source: string, problems: readonly NicConfigProblem[]) {
    const lines = problems.slice(0, LISTED).map((problem) => describeProblem(source, problem));
    const more = problems.length - lines.length;
    super([...lines, ...(more > 0 ? [`${source}: ${more} more problems`] : [])].join('\n'));
    this.problems = problems;
  }
}

/** `nic.json:12:14: vfs.3.mtu: found 20000, expected a whole number from 576 to 9216`. */
function describeProblem(source: string, problem: NicConfigProblem): string {
  const { place, path, found, expected } = problem;
  const where = place === undefined ? source : `${source}:${place.line}:${place.column}`;
  return `${where}: ${path === '' ? '' : `${path}: `}found ${found}, expected ${expected}`;
}
