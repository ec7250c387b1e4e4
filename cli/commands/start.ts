import type { Command } from 'commander';
import { reachableUrl } from '#shared/listen-on.ts';
import { systemClock } from '#shared/time/system.ts';
import { parseTraceFilter, type TraceFilter } from '#shared/trace/trace-filter.ts';
import { CommandFailure, EXIT, UsageError } from '../failure.ts';
import { SideProcess } from '../processes/child-process.ts';
import { LiveLadder } from '../processes/live-ladder.ts';
import {
  GUEST_FLAGS,
  type GuestPlan,
  HOST_FLAGS,
  planStart,
  type StartPlan,
} from '../processes/start-plan.ts';
import { type ChildReport, shutdownRequested } from '../processes/supervision.ts';
import { addSettings } from '../settings.ts';
import { startBanner } from '../text/start-banner.ts';

const EXAMPLES = `
Examples:
  backchannel start
  backchannel start --nic-config nic.json --vfs 2
  backchannel start --pf net=reference --pf vhca=hv-vhca
  backchannel start --pf-miniport ./my-pf.ts --vf-miniport ./my-vf.ts
  backchannel start --profile linux --filter "name=*INVALIDATE*"`;

export function registerStart(program: Command): void {
  const command = program
    .command('start')
    .description(
      'run the management OS and a guest OS for each of its PFs, and draw every hop between them',
    )
    .option('--filter <expression>', 'draw only these events, as `trace --filter` takes it')
    .addHelpText('after', EXAMPLES);
  addSettings(command, { ...HOST_FLAGS, ...GUEST_FLAGS }).action(start);
}

async function start(flags: Readonly<Record<string, unknown>>): Promise<void> {
  const accepts = filterOf(flags['filter']);
  const plan = planStart(flags, process.env);
  const userEnds = shutdownRequested().then(() => undefined);
  const ladder = new LiveLadder(process.stdout, systemClock, plan.profile, accepts);
  const sides: SideProcess[] = [];
  endAtOnceOnSecondInterrupt(sides);
  const { host, listening } = startHost(plan, ladder);
  sides.push(host);
  const hostEnds = endOf('host', host);
  const addresses = await Promise.race([listening, hostEnds, userEnds]);
  if (typeof addresses !== 'object') {
    await end(sides, ladder, addresses);
    return;
  }
  const guests = plan.guests.map((guest) => startGuest(guest, ladder, addresses.channelUrl));
  sides.unshift(...guests.map((guest) => guest.side));
  const { nicConfig } = plan;
  process.stdout.write(startBanner({ ...addresses, host, guests, nicConfig }));
  const guestEnds = guests.map((guest) => endOf(titleOf(guest), guest.side));
  const failure = await Promise.race([hostEnds, ...guestEnds, userEnds]);
  await end(sides, ladder, failure);
}

/** How a guest is told of: by its name where there are others. */
function titleOf({ name, pf }: GuestPlan): string {
  return pf === undefined ? 'guest' : `guest ${name}`;
}

function filterOf(expression: unknown): TraceFilter | undefined {
  if (typeof expression !== 'string') return undefined;
  const parsed = parseTraceFilter(expression);
  if (!parsed.ok) throw new UsageError(`--filter: ${parsed.error}`);
  return parsed.filter;
}

/** Where a host listens. */
type Addresses = Pick<Extract<ChildReport, { type: 'ready' }>, 'channelUrl' | 'controlUrl'>;

function startHost(
  { hostArgs }: StartPlan,
  ladder: LiveLadder,
): { readonly host: SideProcess; readonly listening: Promise<Addresses> } {
  let listens: (addresses: Addresses) => void = () => {};
  const listening = new Promise<Addresses>((resolve) => {
    listens = resolve;
  });
  const host = newSide('host', hostArgs, ladder, listens);
  return { host, listening };
}

interface Guest extends GuestPlan {
  readonly side: SideProcess;
}

function startGuest(plan: GuestPlan, ladder: LiveLadder, hostUrl: string): Guest {
  const args = [...plan.args, '--host', reachableUrl(hostUrl)];
  return { ...plan, side: newSide(plan.name, args, ladder, () => {}) };
}

function newSide(
  name: string,
  args: readonly string[],
  ladder: LiveLadder,
  ready: (addresses: Addresses) => void,
): SideProcess {
  return new SideProcess(args, systemClock, {
    report(report) {
      if (report.type === 'trace') ladder.events(name, report.events);
      if (report.type === 'ready') ready(report);
    },
    log: (line) => ladder.log(name, line),
    print: (text) => ladder.print(name, text),
  });
}

/** How a process that nobody asked to end has ended. */
async function endOf(name: string, side: SideProcess): Promise<string> {
  const code = await side.exited;
  const how = code < 0 ? 'was ended by a signal' : `ended with exit code ${code}`;
  const why = side.failure === undefined ? '' : `: ${side.failure}`;
  return `the ${name} process ${how}${why}`;
}

/** Ends what still runs, in this order, and says why when that was not the user's wish. */
async function end(
  sides: readonly SideProcess[],
  ladder: LiveLadder,
  failure: string | undefined,
): Promise<void> {
  const codes: number[] = [];
  for (const side of sides) codes.push(await side.shutdown());
  ladder.finish();
  if (failure !== undefined) throw new CommandFailure(failure);
  if (codes.some((code) => code !== EXIT.ok)) {
    throw new CommandFailure(`a process did not end well: exit codes ${codes.join(' and ')}`);
  }
  process.stdout.write('All processes have ended.\n');
}

function endAtOnceOnSecondInterrupt(sides: readonly SideProcess[]): void {
  process.once('SIGINT', () =>
    process.once('SIGINT', () => {
      for (const side of sides) side.kill();
      process.exit(EXIT.failed);
    }),
  );
}
