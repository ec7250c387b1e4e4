import type { Command } from 'commander';
import { changePower, type GuestVfs } from '../control/guest-client.ts';
import { UsageError } from '../failure.ts';
import { jsonText } from '../text/json-text.ts';
import { renderTable } from '../text/table.ts';
import { type CommandIo, print, processIo } from './command-io.ts';
import { wholeNumber } from './numbers.ts';

interface Flags {
  readonly healthPort?: number;
  readonly json?: true;
}

const VARIABLE = 'BACKCHANNEL_HEALTH_PORT';

const parsePort = wholeNumber('--health-port', 1, 65_535);

/** Adds `suspend`. */
export function registerSuspend(program: Command, io: CommandIo = processIo): void {
  register(program, io, 'suspend', 'put a running guest to sleep: its VFs leave D0');
}

/** Adds `resume`. */
export function registerResume(program: Command, io: CommandIo = processIo): void {
  register(program, io, 'resume', 'wake a guest that was suspended: its VFs enter D0 again');
}

function register(
  program: Command,
  io: CommandIo,
  name: 'suspend' | 'resume',
  about: string,
): void {
  program
    .command(name)
    .description(about)
    .option('--health-port <port>', `health port of the guest [${VARIABLE}]`, parsePort)
    .option('--json', 'print JSON')
    .addHelpText('after', `\nExample:\n  backchannel ${name} --health-port 4042`)
    .action(async (flags: Flags) => {
      const answer = await changePower(portOf(flags, io.env), name);
      await print(io, flags.json ? `${jsonText(answer, 2)}\n` : textOf(answer));
    });
}

function portOf({ healthPort }: Flags, env: CommandIo['env']): number {
  const given = env[VARIABLE];
  if (healthPort !== undefined) return healthPort;
  if (given !== undefined) return parsePort(given);
  throw new UsageError('expected --health-port with the port that the guest was given');
}

function textOf({ vfs }: GuestVfs): string {
  const rows = vfs.map(({ device, phase }) => [device, phase]);
  return renderTable([{ head: 'DEVICE' }, { head: 'PHASE' }], rows);
}
