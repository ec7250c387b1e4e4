import * as z from 'zod';
import type { VfAnswer } from '#host/control/api.ts';
import { docker } from './engine.ts';
import { type CommandEnd, tryRun } from './run.ts';

const health = z.object({
  Status: z.enum(['starting', 'healthy', 'unhealthy']),
  Log: z.array(z.object({ ExitCode: z.int(), Output: z.string() })),
});

/** What `docker inspect` shows of a container, under the engine's own names. */
const inspected = z.object({
  Id: z.string(),
  Name: z.string().transform((name) => name.replace(/^\//, '')),
  Config: z.object({ Hostname: z.string(), Env: z.array(z.string()) }),
  State: z.object({
    Status: z.string(),
    ExitCode: z.int(),
    StartedAt: z.string(),
    Health: health,
  }),
  Mounts: z.array(z.object({ Type: z.string(), Destination: z.string(), RW: z.boolean() })),
});

export type Container = z.output<typeof inspected>;

/** The containers with these ids or names. */
export async function inspect(ids: readonly string[]): Promise<Container[]> {
  if (ids.length === 0) return [];
  return z.array(inspected).parse(JSON.parse(await docker('inspect', ...ids)));
}

/** Runs a command in a container, as the user that its processes are. */
export function tryExec(container: Container, ...argv: string[]): Promise<CommandEnd> {
  return tryRun(['docker', 'exec', container.Id, ...argv]);
}

/** What a command in a container prints. @throws Error when it fails */
export function exec(container: Container, ...argv: string[]): Promise<string> {
  return docker('exec', container.Id, ...argv);
}

/** The host's operator command, run in its container. */
export function backchannel(container: Container, ...args: string[]): Promise<CommandEnd> {
  return tryExec(container, 'node', 'cli/backchannel.mjs', ...args);
}

/** Everything that a container's processes have printed: standard output, then standard error. */
export async function logText(container: Container): Promise<string> {
  const { stdout, stderr } = await tryRun(['docker', 'logs', container.Id]);
  return stdout + stderr;
}

/** How often the VF driver of a guest has read its configuration to the end. */
export async function configurationReads(guest: Container): Promise<number> {
  const log = await logText(guest);
  return log.match(/"msg":"configuration (?:applied|unchanged)"/g)?.length ?? 0;
}

/** Those VFs that a guest has; a guest is named after its container's host name. */
export function vfsOf(guest: Container, vfs: readonly VfAnswer[]): VfAnswer[] {
  return vfs.filter(({ device }) => device.startsWith(`${guest.Config.Hostname}-`));
}
