import { execFile } from 'node:child_process';
import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What a measurement was made on. */
export interface Machine {
  readonly cpu: string;
  /** The cores that this process may use. */
  readonly cores: number;
  readonly memoryBytes: number;
  readonly node: string;
  readonly os: string;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    node: process.version,
    os: `${type()} ${release()} ${arch()}`,
  };
}

/** The git commit that is checked out, with `-dirty` when files differ from it; null without git. */
export async function gitRevision(): Promise<string | null> {
  const args = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude', '*'];
  try {
    const { stdout } = await promisify(execFile)('git', args, { cwd: ROOT });
    return stdout.trim();
  } catch {
    return null;
  }
}
