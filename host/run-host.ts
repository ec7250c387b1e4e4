import { reachableUrl } from '#shared/listen-on.ts';
import { messageOf } from '#shared/message-of.ts';
import { packageVersion } from '#shared/package-info.ts';
import { RecurringLog } from '#shared/recurring-log.ts';
import { type StateDirectory, stateDirectory } from '#shared/state-directory.ts';
import { newVerifier } from '#shared/verifier/new-verifier.ts';
import { formatReport, type VerifierReport } from '#shared/verifier/report.ts';
import { ControlServer } from './control/control-server.ts';
import { removeEndpoint, writeEndpoint } from './endpoint-file.ts';
import type { ManagementOs } from './management-os.ts';
import type { HostSettings } from './settings.ts';
import { type HostParts, HostStartError, startManagementOs } from './start-management-os.ts';
import { readOrCreateToken } from './token-file.ts';
import { ChannelListener } from './vmbus/listener.ts';

/** A management OS that listens for guests. */
export interface RunningHost {
  readonly os: ManagementOs;
  /** Where guests open their channels. */
  readonly channelUrl: string;
  /** Where the control API answers. */
  readonly controlUrl: string;
  /** Resolves, with the report in lines for people, when the verifier has stopped a PF and the host. */
  readonly failed: Promise<string>;
  /**
   * Ejects and frees every VF, halts the PFs, and closes both ports. Resolves with what was left behind
   * of PFs whose miniports hang, in sentences.
   */
  stop(): Promise<readonly string[]>;
}

/**
 * Starts a management OS as its settings say: the PFs first, then the ports, so that whoever
 * connects finds it ready.
 *
 * @throws HostStartError, PlugInError or ListenError, whose messages are for people
 */
export async function runHost(settings: HostSettings, parts: HostParts): Promise<RunningHost> {
  const state = stateDirectory(settings.stateDir);
  const tokens = await inStateFolder(state, () => readTokens(settings, state));
  const verifier = newVerifier(settings.verifier, parts);
  let onStopped: (report: VerifierReport) => void = () => {};
  const stopped = new Promise<VerifierReport>((resolve) => {
    onStopped = resolve;
  });
  const os = await startManagementOs(settings, { ...parts, verifier, onStopped });
  const listener = newListener(settings, parts, os, tokens.channel);
  let control: ControlServer | undefined;
  let endpoint: string | undefined;
  const stop = async (): Promise<readonly string[]> => {
    listener.close();
    const left = await os.stop();
    await control?.close();
    if (endpoint !== undefined) await removeEndpoint(state.controlEndpoint, endpoint);
    if (verifier !== undefined) parts.log.info(`verifier: ${verifier.summary()}`);
    return left;
  };
  const failed = stopped.then(async (report) => {
    await stop();
    return formatReport(report);
  });
  try {
    const channelPort = await listener.listen();
    control = newControlServer(settings, parts, os, tokens.control, channelPort);
    const controlUrl = urlOf('http', settings.controlListen, await control.listen());
    endpoint = reachableUrl(controlUrl);
    const url = endpoint;
    await inStateFolder(state, () => writeEndpoint(state.controlEndpoint, url));
    return { os, channelUrl: urlOf('ws', settings.listen, channelPort), controlUrl, failed, stop };
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
  const failures = new RecurringLog(log, clock);
  return new ChannelListener({
    address: { host: settings.listen, port: settings.port, portFlag: '--port' },
    token,
    clock,
    onChannel: (transport, offer) => {
      os.attach(transport, offer).catch((error: unknown) =>
        failures.error('attach', { err: error }, 'attach failed'),
      );
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

function urlOf(scheme: string, host: string, port: number): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
