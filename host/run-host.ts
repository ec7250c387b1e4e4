import type { Logger } from 'pino';
import { reachableUrl } from '#shared/listen-on.ts';
import { messageOf } from '#shared/message-of.ts';
import { packageVersion } from '#shared/package-info.ts';
import { type StateDirectory, stateDirectory } from '#shared/state-directory.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Random } from '#shared/time/random.ts';
import type { Trace } from '#shared/trace/trace.ts';
import { maskHex } from '#shared/vpci/config-block.ts';
import { ControlServer } from './control/control-server.ts';
import { removeEndpoint, writeEndpoint } from './endpoint-file.ts';
import { loadPfMiniport } from './pf-miniport/load.ts';
import { ManagementOs } from './physical-functions.ts';
import type { HostSettings } from './settings.ts';
import { readOrCreateToken } from './token-file.ts';
import type { VfView } from './virtualization-stack/vf.ts';
import { ChannelListener } from './vmbus/listener.ts';

/** A management OS that listens for guests. */
export interface RunningHost {
  readonly os: ManagementOs;
  /** Where guests open their channels. */
  readonly channelUrl: string;
  /** Where the control API answers. */
  readonly controlUrl: string;
  /** Ejects and frees every VF, halts the PF, and closes both ports. */
  stop(): Promise<void>;
}

/** Why a host did not start, in a sentence for people. */
export class HostStartError extends Error {
  override readonly name = 'HostStartError';
}

export interface HostParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly log: Logger;
}

/**
 * Starts a management OS as its settings say: the PF first, then the ports, so that whoever
 * connects finds it ready.
 *
 * @throws HostStartError, PlugInError or ListenError, whose messages are for people
 */
export async function runHost(settings: HostSettings, parts: HostParts): Promise<RunningHost> {
  const state = stateDirectory(settings.stateDir);
  const tokens = await inStateFolder(state, () => readTokens(settings, state));
  const os = await startOs(settings, parts);
  const listener = newListener(settings, parts, os, tokens.channel);
  let control: ControlServer | undefined;
  let endpoint: string | undefined;
  const stop = async (): Promise<void> => {
    listener.close();
    await os.stop();
    await control?.close();
    if (endpoint !== undefined) await removeEndpoint(state.controlEndpoint, endpoint);
  };
  try {
    const channelPort = await listener.listen();
    control = newControlServer(settings, parts, os, tokens.control, channelPort);
    const controlUrl = urlOf('http', settings.controlListen, await control.listen());
    endpoint = reachableUrl(controlUrl);
    const url = endpoint;
    await inStateFolder(state, () => writeEndpoint(state.controlEndpoint, url));
    return { os, channelUrl: urlOf('ws', settings.listen, channelPort), controlUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Tokens {
  readonly channel: string;
  readonly control: string;
}

async function readTokens(settings: HostSettings, state: StateDirectory): Promise<Tokens> {
  return {
    channel: settings.token ?? (await readOrCreateToken(state.channelToken)),
    control: await readOrCreateToken(state.controlToken),
  };
}

async function inStateFolder<T>(state: StateDirectory, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { root } = state;
    throw new HostStartError(`the state folder ${root} cannot be used: ${messageOf(error)}`);
  }
}

function newListener(
  settings: HostSettings,
  { clock, log }: HostParts,
  os: ManagementOs,
  token: string,
): ChannelListener {
  return new ChannelListener({
    address: { host: settings.listen, port: settings.port, portFlag: '--port' },
    token,
    clock,
    onChannel: (transport, offer) => {
      os.attach(transport, offer).catch((error: unknown) => log.error(error, 'attach failed'));
    },
  });
}

function newControlServer(
  settings: HostSettings,
  parts: HostParts,
  os: ManagementOs,
  token: string,
  channelPort: number,
): ControlServer {
  return new ControlServer({
    ...parts,
    os,
    address: {
      host: settings.controlListen,
      port: settings.controlPort,
      portFlag: '--control-port',
    },
    token,
    traceHistory: settings.traceHistory,
    version: packageVersion,
    channelPort,
  });
}

async function startOs(settings: HostSettings, parts: HostParts): Promise<ManagementOs> {
  const pfMiniport = await loadPfMiniport(settings.pfMiniport);
  const configuration = new Map(settings.pfConfig);
  if (settings.nicConfig !== undefined) configuration.set('NicConfigFile', settings.nicConfig);
  const os = new ManagementOs({
    ...parts,
    pfMiniport,
    driver: settings.pfMiniport,
    configuration,
    numVfs: settings.numVfs,
    versions: settings.protocolVersions,
    oidTimeout: settings.oidTimeout,
    ejectTimeoutMs: settings.ejectTimeout * 1000,
    maskOnReset: settings.maskOnReset,
    writeSizeQuirk: settings.writeSizeQuirk,
    onState: (vf, state) => logState(parts.log, vf, state),
  });
  const failure = await os.start();
  if (failure !== undefined) throw new HostStartError(failure);
  return os;
}

function logState(log: Logger, vf: VfView, state: string): void {
  const { vfId, device, generation, pendingMask } = vf;
  const waiting = pendingMask === 0n ? {} : { pendingMask: maskHex(pendingMask) };
  const level = state === 'running' || state === 'freed' ? 'info' : 'debug';
  log[level]({ vfId, device, generation, ...waiting }, `VF ${state}`);
}

function urlOf(scheme: string, host: string, port: number): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
