import type { Logger } from 'pino';
import type { Clock } from '#shared/time/clock.ts';
import type { Random } from '#shared/time/random.ts';
import type { Trace } from '#shared/trace/trace.ts';
import { formatReport, type VerifierReport } from '#shared/verifier/report.ts';
import type { Verifier } from '#shared/verifier/verifier.ts';
import { ManagementOs, type PfOptions } from './management-os.ts';
import { loadPfMiniport } from './pf-miniport/load.ts';
import { type PfSettings, pfsOf } from './pf-settings.ts';
import type { HostSettings } from './settings.ts';
import { StateLog } from './state-log.ts';

/** How long the host of a command may take to stop: less than what waits for the command. */
const STOP_TIMEOUT_MS = 4_000;

/** Why a host did not start, in a sentence for people. */
export class HostStartError extends Error {
  override readonly name = 'HostStartError';
}

export interface HostParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly log: Logger;
  /** Watches the PF miniports; nothing does without it. */
  readonly verifier?: Verifier | undefined;
  /** The verifier has stopped a PF. */
  readonly onStopped?: (report: VerifierReport) => void;
}

/**
 * Starts the PFs that the settings name.
 *
 * @throws HostStartError or PlugInError, whose messages are for people
 */
export async function startManagementOs(
  settings: HostSettings,
  parts: HostParts,
): Promise<ManagementOs> {
  const pfs = await Promise.all(pfsOf(settings).map(loadPf));
  let stop: (why: string) => void = () => {};
  const stopped = new Promise<string>((resolve) => {
    stop = resolve;
  });
  const states = new StateLog(parts.log, parts.clock);
  const os = new ManagementOs({
    ...parts,
    onStopped(report) {
      stop(formatReport(report));
      parts.onStopped?.(report);
    },
    pfs,
    versions: settings.protocolVersion,
    ejectTimeoutMs: settings.ejectTimeout * 1000,
    writeSizeQuirk: settings.writeSizeQuirk,
    stopTimeoutMs: STOP_TIMEOUT_MS,
    onState: (vf, state, pf) => states.log(vf, state, pfs.length > 1 ? { pf } : {}),
  });
  const failure = await Promise.race([os.start(), stopped]);
  if (failure !== undefined) throw new HostStartError(failure);
  return os;
}

async function loadPf({ pfConfig, nicConfig, ...settings }: PfSettings): Promise<PfOptions> {
  const configuration = new Map(pfConfig);
  if (nicConfig !== undefined) configuration.set('NicConfigFile', nicConfig);
  const driver = settings.pfMiniport;
  return { ...settings, driver, configuration, pfMiniport: await loadPfMiniport(driver) };
}
