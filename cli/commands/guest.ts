import type { Command } from 'commander';
import { runGuest } from '#guest/run-guest.ts';
import { GUEST_SETTINGS } from '#guest/settings.ts';
import type { SlotEnd } from '#guest/vf-slot.ts';
import { createLog } from '#shared/log.ts';
import { systemClock, systemRandom } from '#shared/time/system.ts';
import { Trace } from '#shared/trace/trace.ts';
import { runProcess } from '../processes/run-process.ts';
import { reportToParent } from '../processes/supervision.ts';
import { relayTrace } from '../processes/trace-relay.ts';
import { addSettings, resolveSettings } from '../settings.ts';

const EXAMPLES = `
Examples:
  backchannel guest
  backchannel guest --name g2 --vfs 3
  backchannel guest --pf net
  backchannel guest --vf-miniport ./my-vf.ts
  backchannel guest --host ws://10.0.0.7:4040 --token TOKEN`;

export function registerGuest(program: Command): void {
  const command = program
    .command('guest')
    .description('run a guest OS: the VPCI driver, NDIS and a VF miniport for each VF')
    .addHelpText('after', EXAMPLES);
  addSettings(command, GUEST_SETTINGS).action(guest);
}

async function guest(flags: Readonly<Record<string, unknown>>): Promise<void> {
  const settings = resolveSettings(GUEST_SETTINGS, { section: 'guest', flags, env: process.env });
  const log = createLog({ ...settings, process: settings.name });
  const trace = new Trace(() => systemClock.now());
  const stopRelay = relayTrace(trace, systemClock);
  await runProcess(log, systemClock, async () => {
    const running = await runGuest(settings, {
      clock: systemClock,
      random: systemRandom,
      trace,
      log,
      onPhase: (device, phase) => void reportToParent({ type: 'phase', device, phase }),
    });
    return {
      ended: running.ended.then(explain).finally(stopRelay),
      stop: () => running.stop().finally(stopRelay),
    };
  });
}

/** Why a guest whose VFs have all ended failed; undefined when they were ejected or stopped. */
function explain(ends: readonly SlotEnd[]): string | undefined {
  const failures = ends.filter((end) => end.how === 'failed').map((end) => end.reason);
  return failures.length === 0 ? undefined : [...new Set(failures)].join('; ');
}
