import { pino } from 'pino';
import { systemClock, systemRandom } from '#shared/time/system.ts';
import { Trace } from '#shared/trace/trace.ts';
import { ALL_VERSIONS } from '#shared/wire/version.ts';
import { ManagementOs, type ManagementOsOptions } from './physical-functions.ts';

/** A management OS with the defaults of the command: only the PF miniport must be given. */
export function createManagementOs(
  options: Partial<ManagementOsOptions> & Pick<ManagementOsOptions, 'pfMiniport'>,
): ManagementOs {
  const clock = options.clock ?? systemClock;
  return new ManagementOs({
    configuration: new Map(),
    numVfs: 64,
    versions: ALL_VERSIONS,
    oidTimeout: 10,
    ejectTimeoutMs: 60_000,
    maskOnReset: 'keep',
    writeSizeQuirk: 'none',
    random: systemRandom,
    trace: new Trace(() => clock.now()),
    log: pino({ level: 'silent' }),
    ...options,
    clock,
  });
}
