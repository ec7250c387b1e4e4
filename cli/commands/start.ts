import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { GUEST_SETTINGS } from '#guest/settings.ts';
import { HOST_SETTINGS } from '#host/settings.ts';
import { systemClock } from '#shared/time/system.ts';
import { parseTraceFilter, type TraceFilter } from '#shared/trace/trace-filter.ts';
import { SideProcess } from '../child-process.ts';
import { CommandFailure, EXIT, UsageError } from '../failure.ts';
import { LiveLadder } from '../live-ladder.ts';
import { addSettings, resolveSettings } from '../settings.ts';
import { shutdownRequested } from '../supervision.ts';

const EXAMPLES = `
Examples:
  backchannel start
  backchannel start --nic-config nic.json --vfs 2
  backchannel start --pf-miniport ./my-pf.ts --vf-miniport ./my-vf.ts --filter 'name=*INVALIDATE*'`;

const EXAMPLE_CONFIG = fileURLToPath(new URL('../../docs/nic.example.json', import.meta.url));

const {
  listen,
  port,
  controlPort,
  stateDir,
  nicConfig,
  pfMiniport,
  pfConfig,
  numVfs,
  maskOnReset,
} = HOST_SETTINGS;
const { vfs, vfMiniport, vfConfig } = GUEST_SETTINGS;

/** The settings of either process that this command takes; it hands the rest their defaults. */
const HOST_FLAGS = {
  listen,
  port,
  controlPort,
  stateDir,
  nicConfig,
  pfMiniport,
  pfConfig,
  numVfs,
  maskOnReset,
};
const GUEST_FLAGS = { vfs, vfMiniport, vfConfig };

const GUEST_NAME = 'g1';

export function registerStart(program: Command): void {
  const command = program
    .command('start')
    .description('run the management OS and a guest OS, and draw every hop between them')
    .option('--filter <expression>', 'draw only these events, as `trace --filter` takes it')
    .addHelpText('after', EXAMPLES);
  addSettings(command, { ...HOST_FLAGS, ...GUEST_FLAGS }).action(start);
}

async function start(flags: Readonly<Record<string, unknown>>): Promise<void> {
  const accepts = filterOf(flags['filter']);
  const shutdown = shutdownRequested();
  const ladder = new LiveLadder(process.stdout, systemClock, accepts);
  const host = await startHost(ladder, flags);
  const guest = startGuest(ladder, flags, host.channelUrl);
  endAtOnceOnSecondInterrupt([host.process, guest]);
  printBanner(host, guest);
  const ending = await Promise.race([
    shutdown.then(() => undefined),
    host.process.exited.then((code) => `the host process ended with exit code ${code}`),
    guest.exited.then((code) => `the guest process ended with exit code ${code}`),
  ]);
  const codes = [await guest.shutdown(), await host.process.shutdown()];
  ladder.finish();
  if (ending !== undefined) throw new CommandFailure(ending);
  if (codes.some((code) => code !== 0)) {
    throw new CommandFailure(`a process did not end well: exit codes ${codes.join(' and ')}`);
  }
  process.stdout.write('Both processes have ended.\n');
}

function filterOf(expression: unknown): TraceFilter | undefined {
  if (typeof expression !== 'string') return undefined;
  const parsed = parseTraceFilter(expression);
  if (!parsed.ok) throw new UsageError(`--filter: ${parsed.error}`);
  return parsed.filter;
}

interface StartedHost {
  readonly process: SideProcess;
  readonly channelUrl: string;
  readonly controlUrl: string;
  readonly nicConfig: string | undefined;
}

async function startHost(
  ladder: LiveLadder,
  flags: Readonly<Record<string, unknown>>,
): Promise<StartedHost> {
  const settings = resolveSettings(HOST_FLAGS, { section: 'host', flags, env: process.env });
  const nicConfig =
    settings.pfMiniport === 'reference'
      ? (settings.nicConfig ?? prepareNicConfig(settings.stateDir))
      : settings.nicConfig;
  const args = ['host', ...flagsOf(flags, HOST_FLAGS)];
  if (nicConfig !== undefined && flags['nicConfig'] === undefined) {
    args.push('--nic-config', nicConfig);
  }
  return await new Promise((resolve, reject) => {
    const said: string[] = [];
    const child = new SideProcess(args, systemClock, {
      report(report) {
        if (report.type === 'trace') ladder.events('host', report.events);
        if (report.type === 'ready') resolve({ process: child, ...report, nicConfig });
      },
      log: (line) => ladder.log('host', line),
      print: (text) => said.push(text.replace(/^backchannel: /, '')),
    });
    child.exited.then(
      (code) => reject(startFailure(code, said)),
      () => {},
    );
  });
}

function startFailure(code: number, said: readonly string[]): Error {
  const reason = said.join('\n') || `it ended with exit code ${code}`;
  return code === EXIT.usage ? new UsageError(reason) : new CommandFailure(reason);
}

function startGuest(
  ladder: LiveLadder,
  flags: Readonly<Record<string, unknown>>,
  hostUrl: string,
): SideProcess {
  const settings = resolveSettings(HOST_FLAGS, { section: 'host', flags, env: process.env });
  const args = [
    ...['guest', '--name', GUEST_NAME, '--state-dir', settings.stateDir],
    ...['--host', reachable(hostUrl)],
    ...flagsOf(flags, GUEST_FLAGS),
  ];
  return new SideProcess(args, systemClock, {
    report(report) {
      if (report.type === 'trace') ladder.events(GUEST_NAME, report.events);
    },
    log: (line) => ladder.log(GUEST_NAME, line),
    print: (text) => ladder.later(text),
  });
}

/** An address that can be dialed: a host that listens on every address is reached on loopback. */
function reachable(hostUrl: string): string {
  return hostUrl.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

/** The command line that says again what this one was given for these settings. */
function flagsOf(flags: Readonly<Record<string, unknown>>, table: object): string[] {
  const given: string[] = [];
  for (const [key, entry] of Object.entries(table)) {
    const value = flags[key];
    const name = String(entry.flag).split(' ')[0] ?? '';
    if (Array.isArray(value)) given.push(name, ...value.map(String));
    else if (value !== undefined) given.push(name, String(value));
  }
  if (typeof flags['config'] === 'string') given.push('--config', flags['config']);
  return given;
}

/** A NIC configuration to edit: without one there would be nothing to change and watch. */
function prepareNicConfig(stateDirectory: string): string {
  const path = join(stateDirectory, 'nic.json');
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(EXAMPLE_CONFIG, path);
  }
  return path;
}

function endAtOnceOnSecondInterrupt(children: readonly SideProcess[]): void {
  process.once('SIGINT', () =>
    process.once('SIGINT', () => {
      for (const child of children) child.kill();
      process.exit(EXIT.failed);
    }),
  );
}

function printBanner(host: StartedHost, guest: SideProcess): void {
  const lines = [
    `management OS  process ${host.process.pid}, channel ${host.channelUrl}, control API ${host.controlUrl}`,
    `guest OS       process ${guest.pid}, ${GUEST_NAME}`,
  ];
  if (host.nicConfig !== undefined) {
    lines.push(`configuration  ${host.nicConfig}: save a change, and watch it travel`);
  }
  process.stdout.write(`${[...lines, 'Ctrl-C ends both.', ''].join('\n')}\n`);
}
