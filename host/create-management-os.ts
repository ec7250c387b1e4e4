import { pino } from 'pino';
import { systemClock, systemRandom } from '#shared/time/system.ts';
import { DEFAULT_PF_NAME } from '#shared/trace/pf-trace.ts';
import { Trace } from '#shared/trace/trace.ts';
import type { VerifierMode } from '#shared/verifier/mode.ts';
import { newVerifier } from '#shared/verifier/new-verifier.ts';
import { ALL_VERSIONS } from '#shared/wire/version.ts';
import { ManagementOs, type ManagementOsOptions, type PfOptions } from './management-os.ts';

/** What a management OS may be given; only the PF miniport must be. */
export interface CreateManagementOsOptions
  extends Partial<Omit<ManagementOsOptions, 'pfs' | 'verifier'>>,
    Partial<Omit<PfOptions, 'name' | 'pfMiniport'>>,
    Pick<PfOptions, 'pfMiniport'> {
  /** What is done about PF miniports that break their contract; off by default. */
  readonly verifier?: VerifierMode;
  /** Several PFs by name, instead of the one; what one of them leaves out is as for all. */
  readonly pfs?: readonly (Partial<PfOptions> & Pick<PfOptions, 'name'>)[];
}

/** A management OS with the defaults of the command. */
export function createManagementOs(options: CreateManagementOsOptions): ManagementOs {
  const { pfs = [{ name: DEFAULT_PF_NAME }], verifier = 'off', ...others } = options;
  const { pfMiniport, driver, configuration = new Map(), ...more } = others;
  const { numVfs = 64, oidTimeout = 10, maskOnReset = 'keep', ...given } = more;
  const { clock = systemClock, log = pino({ level: 'silent' }) } = given;
  const { trace = new Trace(() => clock.now()) } = given;
  const all = { pfMiniport, driver, configuration, numVfs, oidTimeout, maskOnReset };
  return new ManagementOs({
    versions: ALL_VERSIONS,
    ejectTimeoutMs: 60_000,
    writeSizeQuirk: 'none',
    random: systemRandom,
    ...given,
    clock,
    trace,
    log,
    verifier: newVerifier(verifier, { trace, log }),
    pfs: pfs.map((pf) => ({ ...all, ...pf })),
  });
}
