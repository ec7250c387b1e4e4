import { pino } from 'pino';
import { systemClock, systemRandom } from '#shared/time/system.ts';
import { Trace } from '#shared/trace/trace.ts';
import type { VerifierMode } from '#shared/verifier/mode.ts';
import { newVerifier } from '#shared/verifier/new-verifier.ts';
import { ALL_VERSIONS } from '#shared/wire/version.ts';
import { GuestOs, type GuestOsOptions } from './guest-os.ts';

/** What a guest OS may be given; only the VF's driver and how to dial must be. */
export interface CreateGuestOsOptions
  extends Partial<Omit<GuestOsOptions, 'verifier' | 'vfMiniport' | 'dial'>>,
    Pick<GuestOsOptions, 'vfMiniport' | 'dial'> {
  /** What is done about VF miniports that break their contract; off by default. */
  readonly verifier?: VerifierMode;
}

/** A guest OS with the defaults of the command. */
export function createGuestOs(options: CreateGuestOsOptions): GuestOs {
  const { verifier = 'off', ...given } = options;
  const { clock = systemClock, log = pino({ level: 'silent' }) } = given;
  const { trace = new Trace(() => clock.now()) } = given;
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
    onPhase: () => {},
    ...given,
    clock,
    trace,
    log,
    verifier: newVerifier(verifier, { trace, log }),
  });
}
