import { pino } from 'pino';
import { ManagementOs } from '#host/management-os.ts';
import { ChannelListener } from '#host/vmbus/listener.ts';
import { newSecret, systemClock, systemRandom } from '#shared/time/system.ts';
import { DEFAULT_PF_NAME } from '#shared/trace/pf-trace.ts';
import { Trace } from '#shared/trace/trace.ts';
import { ALL_VERSIONS } from '#shared/wire/version.ts';
import { benchPf } from './bench-pf.ts';
import type { Endpoint } from './commands.ts';
import { measuredMemory } from './measured-memory.ts';
import { serveCommands } from './serve-commands.ts';
import { traceSwitch } from './trace-switch.ts';

/** The server that is measured: a management OS with the classes of production. */

const NUM_VFS = 4096;

const clock = systemClock;
const trace = new Trace(() => clock.now());
const pf = benchPf(clock);
const setTrace = traceSwitch(trace);
const managementOs = new ManagementOs({
  pfs: [
    {
      name: DEFAULT_PF_NAME,
      pfMiniport: pf.factory,
      configuration: new Map(),
      numVfs: NUM_VFS,
      oidTimeout: 10,
      maskOnReset: 'keep',
    },
  ],
  versions: ALL_VERSIONS,
  ejectTimeoutMs: 60_000,
  writeSizeQuirk: 'none',
  clock,
  random: systemRandom,
  trace,
  log: pino({ level: 'silent' }),
});

async function listen(): Promise<Endpoint> {
  const failure = await managementOs.start();
  if (failure !== undefined) throw new Error(failure);
  const token = newSecret();
  const listener = new ChannelListener({
    address: { host: '127.0.0.1', port: 0 },
    token,
    clock,
    onChannel: (transport, offer) => void managementOs.attach(transport, offer),
  });
  return { url: `ws://127.0.0.1:${await listener.listen()}`, token };
}

serveCommands({
  listen,
  memory: ({ connections }) => measuredMemory(connections, () => managementOs.pf.vfs.length, clock),
  invalidatedAt: () => ({ calledAt: pf.takeCalls() }),
  trace({ on }) {
    setTrace(on);
    return {};
  },
});
