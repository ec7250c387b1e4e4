import type { Command } from 'commander';
import { runHost } from '#host/run-host.ts';
import { HOST_SETTINGS } from '#host/settings.ts';
import { createLog } from '#shared/log.ts';
import { systemClock, systemRandom } from '#shared/time/system.ts';
import { Trace } from '#shared/trace/trace.ts';
import { runProcess } from '../processes/run-process.ts';
import { reportToParent } from '../processes/supervision.ts';
import { relayTrace } from '../processes/trace-relay.ts';
import { addSettings, resolveSettings } from '../settings.ts';

const EXAMPLES = `
Examples:
  backchannel host
  backchannel host --nic-config nic.json --num-vfs 8
  backchannel host --pf net=reference --pf vhca=hv-vhca
  backchannel host --pf-miniport ./my-pf.ts --listen 0.0.0.0`;

export function registerHost(program: Command): void {
  const command = program
    .command('host')
    .description('run the management OS: the PF miniport, NDIS and the virtualization stack')
    .addHelpText('after', EXAMPLES);
  addSettings(command, HOST_SETTINGS).action(host);
}

async function host(flags: Readonly<Record<string, unknown>>): Promise<void> {
  const settings = resolveSettings(HOST_SETTINGS, { section: 'host', flags, env: process.env });
  const log = createLog({ ...settings, process: 'host' });
  const trace = new Trace(() => systemClock.now());
  const stopRelay = relayTrace(trace, systemClock);
  await runProcess(log, systemClock, async () => {
    const running = await runHost(settings, {
      clock: systemClock,
      random: systemRandom,
      trace,
      log,
    });
    const { channelUrl, controlUrl } = running;
    const pfMiniport = running.os.pfs.map((pf) => pf.driver).join(', ');
    log.info({ channelUrl, controlUrl, pfMiniport }, 'listening, PF initialized');
    await reportToParent({ type: 'ready', channelUrl, controlUrl });
    return {
      ended: running.failed.finally(stopRelay),
      stop: () => running.stop().finally(stopRelay),
    };
  });
}
