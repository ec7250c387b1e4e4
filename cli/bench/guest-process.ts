import { pino } from 'pino';
import { GuestOs } from '#guest/guest-os.ts';
import { webSocketDial } from '#guest/vmbus/dial.ts';
import { systemClock, systemRandom } from '#shared/time/system.ts';
import { Trace } from '#shared/trace/trace.ts';
import { ALL_VERSIONS } from '#shared/wire/version.ts';
import { type BenchVf, benchVf } from './bench-vf.ts';
import type { Endpoint, Given, Taken } from './commands.ts';
import { sequentially, throughput } from './load.ts';
import { serveCommands } from './serve-commands.ts';
import { traceSwitch } from './trace-switch.ts';

/** The client that is measured: guest OSes with the classes of production. */

/** VFs that are attached at once: no more than a server's queue of new connections holds. */
const VFS_PER_GUEST = 100;

const clock = systemClock;
const trace = new Trace(() => clock.now());
const setTrace = traceSwitch(trace);
let vfs: BenchVf[] = [];
let guests: GuestOs[] = [];

async function connect({ connections, ...endpoint }: Taken<'connect'>): Promise<Given<'connect'>> {
  for (let left = connections; left > 0; left -= VFS_PER_GUEST) {
    await startGuest(endpoint, Math.min(left, VFS_PER_GUEST));
  }
  return {};
}

/** Resolves when every VF of the new guest runs; rejects when one came to its end instead. */
function startGuest({ url, token }: Endpoint, count: number): Promise<void> {
  const name = `bench-${process.pid}-${guests.length}`;
  let running = 0;
  return new Promise((resolve, reject) => {
    const guest = new GuestOs({
      name,
      vfs: count,
      profile: 'windows',
      readPadding: 'zero',
      dial: (index) =>
        webSocketDial({ host: url, token: () => ({ token }), vmName: name, index, clock })(),
      vfMiniport: benchVf(clock, (vf) => vfs.push(vf)),
      configuration: new Map(),
      versions: ALL_VERSIONS,
      retry: false,
      oidTimeout: 10,
      clock,
      random: systemRandom,
      trace,
      log: pino({ level: 'silent' }),
      onPhase(_device, phase) {
        if (phase === 'running' && ++running === count) resolve();
      },
    });
    guests.push(guest);
    guest.run().then(([end]) => reject(new Error(end?.reason)), reject);
  });
}

async function disconnect(): Promise<Given<'disconnect'>> {
  await Promise.all(guests.map((guest) => guest.stop()));
  guests = [];
  vfs = [];
  return {};
}

function firstVf(): BenchVf {
  const [vf] = vfs;
  if (vf === undefined) throw new Error('no VF is attached');
  return vf;
}

serveCommands({
  connect,
  disconnect,
  async sequential({ milliseconds }) {
    return { durations: await sequentially(firstVf().read, milliseconds, clock) };
  },
  async throughput({ milliseconds, inFlight }) {
    const reads = vfs.map((vf) => vf.read);
    return { perSecond: await throughput(reads, inFlight, milliseconds, clock) };
  },
  async invalidations({ milliseconds }) {
    const vf = firstVf();
    const writtenAt: number[] = [];
    const write = (): Promise<void> => {
      writtenAt.push(clock.now());
      return vf.write();
    };
    await sequentially(write, milliseconds, clock);
    return { writtenAt, handledAt: vf.takeInvalidations() };
  },
  trace({ on }) {
    setTrace(on);
    return {};
  },
});
