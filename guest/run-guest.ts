import type { Logger } from 'pino';
import { listenOn } from '#shared/listen-on.ts';
import { stateDirectory } from '#shared/state-directory.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Random } from '#shared/time/random.ts';
import type { Trace } from '#shared/trace/trace.ts';
import { newVerifier } from '#shared/verifier/new-verifier.ts';
import { channelToken } from './channel-token.ts';
import { GuestOs } from './guest-os.ts';
import { createHealthServer, HEALTH_HOST } from './health-server.ts';
import { loadVfDriver } from './load-vf-driver.ts';
import type { GuestSettings } from './settings.ts';
import type { VfSlotPhase } from './vf-phase.ts';
import type { SlotEnd } from './vf-slot.ts';
import { webSocketDial } from './vmbus/dial.ts';

export interface GuestParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly log: Logger;
  readonly onPhase?: (device: string, phase: VfSlotPhase) => void;
}

/** A guest OS that attaches its VFs. */
export interface RunningGuest {
  /** How each VF ended, when all have. */
  readonly ended: Promise<readonly SlotEnd[]>;
  /**
   * Halts every VF, takes its bus out of D0 and closes its channel. Resolves with what was left behind of
   * drivers that hang, in sentences.
   */
  stop(): Promise<readonly string[]>;
}

/**
 * Starts a guest OS as its settings say.
 *
 * @throws PlugInError or ListenError, whose messages are for people
 */
export async function runGuest(settings: GuestSettings, parts: GuestParts): Promise<RunningGuest> {
  const { clock, log, onPhase } = parts;
  const token = channelToken(settings.token, stateDirectory(settings.stateDir).channelToken);
  const vfMiniport = await loadVfDriver(settings.profile, settings.vfMiniport);
  const verifier = newVerifier(settings.verifier, parts);
  const guest = new GuestOs({
    ...parts,
    verifier,
    name: settings.name,
    vfs: settings.vfs ?? Math.max(1, settings.pf.length),
    profile: settings.profile,
    vfMiniport,
    readPadding: settings.readPadding,
    configuration: settings.vfConfig,
    versions: settings.protocolVersion,
    retry: settings.retry,
    oidTimeout: settings.oidTimeout,
    dial: (index) => {
      const pf = settings.pf[index % settings.pf.length];
      return webSocketDial({
        host: settings.host,
        token,
        vmName: settings.name,
        index,
        pf,
        clock,
      })();
    },
    onPhase(device, phase) {
      log.debug({ device }, `VF ${phase}`);
      onPhase?.(device, phase);
    },
  });
  const health = createHealthServer(guest);
  if (settings.healthPort !== undefined) {
    const address = { host: HEALTH_HOST, port: settings.healthPort, portFlag: '--health-port' };
    log.debug({ port: await listenOn(health, address) }, 'health port open');
  }
  const ended = guest.run().finally(() => {
    health.close();
    if (verifier !== undefined) log.info(`verifier: ${verifier.summary()}`);
  });
  return {
    ended,
    async stop(): Promise<readonly string[]> {
      const ends = await guest.stop();
      return ends.flatMap(({ leftBehind }) => leftBehind ?? []);
    },
  };
}
