import type { TestProject } from 'vitest/node';
import { systemClock } from '#shared/time/system.ts';
import { COMPOSE_FILE, findCompose, removeAll, requireEngine } from './engine.ts';
import { run } from './run.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** `docker compose` or `docker-compose`, as words. */
    readonly compose: readonly string[];
    /** What the names of this run's projects begin with. */
    readonly runName: string;
  }
}

/** How long the first build may take, which fetches the packages. */
const BUILD_SECONDS = 180;

/** Builds the image once, and sees to it that nothing but the image is left behind. */
export default async function setup(project: TestProject): Promise<void> {
  try {
    await prepare(project);
  } catch (error) {
    // Vitest would add a stack trace, and that it has found no test files.
    progress(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}

async function prepare({ provide }: TestProject): Promise<void> {
  await requireEngine();
  const compose = await findCompose();
  const runName = `backchannel-test-${Math.trunc(systemClock.now()).toString(36)}`;
  provide('compose', compose);
  provide('runName', runName);
  // An interrupted run ends without the hooks of its tests.
  process.once('exit', () => removeAll(runName));
  process.once('SIGTERM', () => process.exit(143));
  progress(`building the image with ${compose.join(' ')} ...`);
  const startedAt = systemClock.now();
  await run([...compose, '-f', COMPOSE_FILE, '-p', runName, 'build'], BUILD_SECONDS);
  progress(`built in ${((systemClock.now() - startedAt) / 1000).toFixed(1)} s`);
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
