import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { run, tryRun } from './run.ts';

/** The file under test, without what a developer may have put beside it. */
export const COMPOSE_FILE = fileURLToPath(new URL('../../docker-compose.yml', import.meta.url));

/** Runs the engine's command line client. */
export function docker(...args: string[]): Promise<string> {
  return run(['docker', ...args]);
}

/** @throws Error, in one sentence, when no engine answers */
export async function requireEngine(): Promise<void> {
  const { code, stderr } = await tryRun(['docker', 'info', '--format', '{{.ServerVersion}}'], 15);
  if (code === 0) return;
  const why = stderr.trim().split('\n').at(-1);
  throw new Error(`test:compose needs a Docker Engine, and none answers: ${why}`);
}

/** `docker compose`, or `docker-compose` where there is only that. */
export async function findCompose(): Promise<readonly string[]> {
  for (const command of [['docker', 'compose'], ['docker-compose']]) {
    const { code } = await tryRun([...command, 'version'], 15);
    if (code === 0) return command;
  }
  throw new Error('test:compose needs Docker Compose: neither docker compose nor docker-compose');
}

/** The engine's own time, in RFC 3339: what its events are stamped with. */
export async function engineTime(): Promise<string> {
  return (await docker('info', '--format', '{{.SystemTime}}')).trim();
}

/**
 * Removes every container, network and volume whose name begins with this. Waits for the engine
 * without letting anything else run, so that it can be the last thing a process does.
 */
export function removeAll(prefix: string): void {
  removeListed(['ps', '--all'], ['rm', '--force', '--volumes'], prefix);
  removeListed(['network', 'ls'], ['network', 'rm'], prefix);
  removeListed(['volume', 'ls'], ['volume', 'rm', '--force'], prefix);
}

function removeListed(list: readonly string[], remove: readonly string[], prefix: string): void {
  const ids = words(dockerSync([...list, '--quiet', '--filter', `name=${prefix}`]));
  if (ids.length > 0) dockerSync([...remove, ...ids]);
}

function dockerSync(args: readonly string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', timeout: 30_000 });
}

/** The words of a text, such as the ids that the engine prints on a line each. */
export function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
