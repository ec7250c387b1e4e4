import { pino } from 'pino';
import { systemClock, systemRandom } from '#shared/time/system.ts';
import { DEFAULT_PF_NAME } from '#shared/trace/pf-trace.ts';
import { Trace } from '#shared/trace/trace.ts';
import { ALL_VERSIONS } from '#shared/wire/version.ts';
import { ManagementOs, type ManagementOsOptions, type PfOptions } from './management-os.ts';

/** What a management OS may be given; only the PF miniport must be. */
export interface CreateManagementOsOptions
  extends Partial<Omit<ManagementOsOptions, 'pfs'>>,
    Partial<Omit<PfOptions, 'name' | 'pfMiniport'>>,
    Pick<PfOptions, 'pfMiniport'> {
  /** Several PFs by name, instead of the one; what one of them leaves out is as for all. */
  readonly pfs?: readonly (Partial<PfOptions> & Pick<PfOptions, 'name'>)[];
}

/** A management OS with the defaults of the command. */
export function createManagementOs(options: CreateManagementOsOptions): ManagementOs {
  const { pfs = [{ name: DEFAULT_PF_NAME }], clock = systemClock, ...others } = options;
  const { pfMiniport, driver, configuration = new Map(), ...more } = others;
  const { numVfs = 64, oidTimeout = 10, maskOnReset = 'keep', ...given } = more;
  const all = { pfMiniport, driver, configuration, numVfs, oidTimeout, maskOnReset };
  return new ManagementOs({
    versions: ALL_VERSIONS,
    ejectTimeoutMs: 60_000,
    writeSizeQuirk: 'none',
    random: systemRandom,
    trace: new Trace(() => clock.now()),
    log: pino({ level: 'silent' }),
    ...given,
    clock,
    pfs: pfs.map((pf) => ({ ...all, ...pf })),
  });
}
