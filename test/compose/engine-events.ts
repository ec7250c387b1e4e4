import * as z from 'zod';
import { systemClock } from '#shared/time/system.ts';
import { docker, engineTime } from './engine.ts';
import { until } from './until.ts';

const engineEvent = z.object({
  Action: z.string(),
  timeNano: z.number(),
  Actor: z.object({
    Attributes: z.object({ name: z.string(), exitCode: z.coerce.number().optional() }),
  }),
});

export type EngineEvent = z.output<typeof engineEvent>;

/** What has happened to the containers of a project since then; the engine keeps the last 256. */
export async function eventsSince(
  since: string,
  project: string,
  ...actions: string[]
): Promise<EngineEvent[]> {
  const filters = [`label=com.docker.compose.project=${project}`, 'type=container'];
  for (const action of actions) filters.push(`event=${action}`);
  const text = await docker(
    'events',
    ...['--since', since, '--until', await engineTime()],
    ...filters.flatMap((filter) => ['--filter', filter]),
    ...['--format', '{{json .}}'],
  );
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => engineEvent.parse(JSON.parse(line)));
}

/** How containers came to their ends. */
export interface Ends {
  /** The exit codes, by the names of the containers. */
  readonly exitCodes: Readonly<Record<string, number>>;
  /** Seconds from the first signal to the end of the last process. */
  readonly seconds: number;
  /** Seconds that the command took that stopped them, what it did besides included. */
  readonly commandSeconds: number;
}

/** Has `stop` end so many containers of a project, and tells how they did. */
export async function endsDuring(
  project: string,
  count: number,
  stop: () => Promise<unknown>,
): Promise<Ends> {
  const since = await engineTime();
  const startedAt = systemClock.now();
  await stop();
  const commandSeconds = (systemClock.now() - startedAt) / 1000;
  const events = await until(`${count} containers end`, 10, async () => {
    const seen = await eventsSince(since, project, 'kill', 'die');
    const dead = seen.filter(({ Action }) => Action === 'die').length;
    return dead >= count ? { found: seen } : { seen: `${dead} have` };
  });
  const times = events.map(({ timeNano }) => timeNano);
  const deaths = events
    .filter(({ Action }) => Action === 'die')
    .map(({ Actor }) => Actor.Attributes);
  return {
    exitCodes: Object.fromEntries(deaths.map(({ name, exitCode }) => [name, exitCode ?? -1])),
    seconds: (Math.max(...times) - Math.min(...times)) / 1e9,
    commandSeconds,
  };
}
