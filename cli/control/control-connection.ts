import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import * as z from 'zod';
import { type StateDirectory, stateDirectory } from '#shared/state-directory.ts';
import { isToken } from '#shared/token.ts';
import { CommandFailure, UsageError } from '../failure.ts';
import { parseJson } from '../text/json-text.ts';
import { ControlClient, type ControlConnection } from './control-client.ts';

/** The flags that say which host a command is for. */
export interface ControlFlags {
  readonly control?: string;
  readonly controlTokenFile?: string;
  readonly stateDir?: string;
}

/** The flags that say which host a command is for, and which PF of it. */
export interface VfFlags extends ControlFlags {
  readonly pf?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const VARIABLES = {
  control: 'BACKCHANNEL_CONTROL',
  controlTokenFile: 'BACKCHANNEL_CONTROL_TOKEN_FILE',
  stateDir: 'BACKCHANNEL_STATE_DIR',
} as const satisfies Record<keyof ControlFlags, string>;

/** Gives a command the flags that say which host it is for. */
export function addControlFlags(command: Command): Command {
  return command
    .option('--control <url>', `control API of the host [${VARIABLES.control}]`)
    .option(
      '--control-token-file <file>',
      `file with the host's control token [${VARIABLES.controlTokenFile}]`,
    )
    .option(
      '--state-dir <folder>',
      `state folder of the host, where both are otherwise found [${VARIABLES.stateDir}] (default: .backchannel)`,
    );
}

/** Gives a command the flags that say which host it is for, and which PF of it. */
export function addVfFlags(
  command: Command,
  about = 'the PF of the VF; needed when the host has several',
): Command {
  return addControlFlags(command.option('--pf <name>', about));
}

/** A client of the host that the flags, the environment or the state folder name. */
export async function connect(flags: VfFlags, env: Environment): Promise<ControlClient> {
  return new ControlClient(await connectionOf(flags, env), flags.pf);
}

/**
 * How to reach that host.
 *
 * @throws CommandFailure, or UsageError when a flag or a variable is wrong
 */
export async function connectionOf(
  flags: ControlFlags,
  env: Environment,
): Promise<ControlConnection> {
  const given = (name: keyof ControlFlags): string | undefined =>
    flags[name] ?? (env[VARIABLES[name]] || undefined);
  const state = stateDirectory(given('stateDir') ?? '.backchannel');
  const tokenFile = given('controlTokenFile');
  const url = given('control');
  if (url === undefined) {
    return { url: await urlIn(state), token: await readToken(tokenFile ?? state.controlToken) };
  }
  const checked = checkUrl(url);
  // The secret of a host on this machine is nothing that another machine should be shown.
  if (tokenFile === undefined && !isLoopback(checked)) {
    throw new UsageError(
      `${url} is another machine: name the file with its control token, with --control-token-file`,
    );
  }
  return { url: checked, token: await readToken(tokenFile ?? state.controlToken) };
}

const endpoint = z.object({ url: z.url({ protocol: /^https?$/ }) });

/** The URL that the running host left in its state folder. */
async function urlIn(state: StateDirectory): Promise<string> {
  const { root, controlEndpoint } = state;
  const text = await readFile(controlEndpoint, 'utf8').catch((error: unknown) => {
    throw new CommandFailure(
      `no host runs with the state folder ${root} (${reasonOf(error)}): start one with ` +
        '`backchannel host`, or name a running one with --state-dir or --control',
    );
  });
  const parsed = endpoint.safeParse(parseJson(text));
  if (parsed.success) return withoutSlash(parsed.data.url);
  throw new CommandFailure(`${controlEndpoint} names no control API; start the host again`);
}

function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (url !== undefined && isHttp && url.username === '' && url.search === '' && url.hash === '') {
    return withoutSlash(url.href);
  }
  throw new UsageError(`--control: "${text}": expected a URL such as http://127.0.0.1:4041`);
}

function isLoopback(url: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

async function readToken(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new CommandFailure(
      `the control token cannot be read from ${path} (${reasonOf(error)}): a host writes it into ` +
        'its state folder; name that with --state-dir, or the file with --control-token-file',
    );
  });
  const token = text.trim();
  if (isToken(token)) return token;
  throw new CommandFailure(`${path} holds no control token`);
}

/** `ENOENT`, or whatever else the system said. */
function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
