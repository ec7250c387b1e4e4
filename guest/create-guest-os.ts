import { pino } from 'pino';
import { systemClock, systemRandom } from '#shared/time/system.ts';
import { Trace } from '#shared/trace/trace.ts';
import { ALL_VERSIONS } from '#shared/wire/version.ts';
import { GuestOs, type GuestOsOptions } from './guest-os.ts';

/** A guest OS with the defaults of the command: only the VF's driver and how to dial must be given. */
export function createGuestOs(
  options: Partial<GuestOsOptions> & Pick<GuestOsOptions, 'vfMiniport' | 'dial'>,
): GuestOs {
  const clock = options.clock ?? systemClock;
  return new GuestOs({
    name: 'guest',
    vfs: 1,
    profile: 'windows',
    readPadding: 'zero',
    configuration: new Map(),
    versions: ALL_VERSIONS,
    retry: true,
    oidTimeout: 10,
    random: systemRandom,
    trace: new Trace(() => clock.now()),
    log: pino({ level: 'silent' }),
    onPhase: () => {},
    ...options,
    clock,
  });
}
