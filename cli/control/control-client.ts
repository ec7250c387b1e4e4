import type * as z from 'zod';
import {
  apiErrorBody,
  type BlockAnswer,
  blockAnswer,
  type HostAnswer,
  hostAnswer,
  type InvalidateAnswer,
  invalidateAnswer,
  type PfDetailAnswer,
  type PfListAnswer,
  pfDetailAnswer,
  pfListAnswer,
  type StatusAnswer,
  statusAnswer,
  type VfDetailAnswer,
  type VfListAnswer,
  vfDetailAnswer,
  vfListAnswer,
} from '#host/control/api.ts';
import { type TraceLine, traceLine } from '#host/control/trace-line.ts';
import { type BlockMask, maskHex } from '#shared/vpci/config-block.ts';
import { CommandFailure } from '../failure.ts';
import { parseJson } from '../text/json-text.ts';
import { linesOf, textOf } from './response-body.ts';

/** How to reach the control API of a host. */
export interface ControlConnection {
  /** `http://127.0.0.1:4041`, without a slash at its end. */
  readonly url: string;
  readonly token: string;
}

/** What to see of a host's trace. */
export interface TraceRequest {
  readonly filter?: string | undefined;
  /** How many of the events that the host keeps come first. */
  readonly recent: number;
  readonly follow: boolean;
}

/** What one can do about a refusal, by its code. */
const HINTS: ReadonlyMap<string, string> = new Map([
  ['no-such-vf', '`backchannel vf list` shows those that are'],
  ['no-such-pf', '`backchannel pf list` shows them'],
  ['which-pf', 'name it with --pf'],
]);

interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: object;
  readonly signal?: AbortSignal;
}

/**
 * The control API of a running host. What comes back is checked against the API's own schemas.
 * Every method rejects with a {@link CommandFailure} when the host cannot be reached, refuses, or
 * answers something else. A status of the PF miniport is an answer, whatever it is.
 */
export class ControlClient {
  readonly #connection: ControlConnection;
  readonly #pf: string | undefined;

  /** @param pf the PF whose VFs are meant; may be left out for a host that has one */
  constructor(connection: ControlConnection, pf?: string) {
    this.#connection = connection;
    this.#pf = pf;
  }

  showHost(): Promise<HostAnswer> {
    return this.#json({ method: 'GET', path: '/v1/host' }, hostAnswer);
  }

  listPfs(): Promise<PfListAnswer> {
    return this.#json({ method: 'GET', path: '/v1/pfs' }, pfListAnswer);
  }

  showPf(name: string): Promise<PfDetailAnswer> {
    const path = `/v1/pfs/${encodeURIComponent(name)}`;
    return this.#json({ method: 'GET', path }, pfDetailAnswer);
  }

  /** The VFs of the PF that is meant; those of all PFs without one. */
  listVfs(): Promise<VfListAnswer> {
    return this.#json({ method: 'GET', path: this.#path('/v1/vfs') }, vfListAnswer);
  }

  showVf(vfId: number): Promise<VfDetailAnswer> {
    return this.#json({ method: 'GET', path: this.#path(`/v1/vfs/${vfId}`) }, vfDetailAnswer);
  }

  /** OID_SRIOV_RESET_VF. */
  resetVf(vfId: number): Promise<StatusAnswer> {
    const path = this.#path(`/v1/vfs/${vfId}/reset`);
    return this.#json({ method: 'POST', path }, statusAnswer);
  }

  /** Asks the guest for the VF; resolves as soon as it is asked. */
  async ejectVf(vfId: number): Promise<void> {
    const path = this.#path(`/v1/vfs/${vfId}/eject`);
    await textOf(await this.#send({ method: 'POST', path }));
  }

  /** OID_SRIOV_READ_VF_CONFIG_BLOCK. */
  readBlock(vfId: number, blockId: number, length: number): Promise<BlockAnswer> {
    const path = this.#path(`/v1/vfs/${vfId}/blocks/${blockId}`, { length: String(length) });
    return this.#json({ method: 'GET', path }, blockAnswer);
  }

  /** OID_SRIOV_WRITE_VF_CONFIG_BLOCK. */
  writeBlock(vfId: number, blockId: number, bytes: Uint8Array): Promise<StatusAnswer> {
    const path = this.#path(`/v1/vfs/${vfId}/blocks/${blockId}`);
    const data = Buffer.from(bytes).toString('base64');
    return this.#json({ method: 'PUT', path, body: { data } }, statusAnswer);
  }

  /** NdisMInvalidateConfigBlock, in the PF miniport's name. */
  invalidate(vfId: number, mask: BlockMask): Promise<InvalidateAnswer> {
    const path = this.#path(`/v1/vfs/${vfId}/invalidate`);
    return this.#json({ method: 'POST', path, body: { mask: maskHex(mask) } }, invalidateAnswer);
  }

  /**
   * Lines of the trace. Followed ones come until the signal ends them; that the host does is a
   * failure.
   */
  async *trace(request: TraceRequest, signal: AbortSignal): AsyncGenerator<TraceLine> {
    const query = new URLSearchParams({
      recent: String(request.recent),
      follow: String(request.follow),
      ...(request.filter === undefined ? {} : { filter: request.filter }),
    });
    try {
      const response = await this.#send({ method: 'GET', path: `/v1/trace?${query}`, signal });
      for await (const line of linesOf(response)) {
        if (line !== '') yield this.#checked(line, traceLine);
      }
      if (request.follow && !signal.aborted) throw this.#lost();
    } catch (error) {
      if (signal.aborted) return;
      throw error instanceof CommandFailure ? error : this.#lost();
    }
  }

  /** A path to a VF, with the PF that is meant. */
  #path(path: string, query: Readonly<Record<string, string>> = {}): string {
    const pf = this.#pf === undefined ? {} : { pf: this.#pf };
    const parameters = new URLSearchParams({ ...query, ...pf }).toString();
    return parameters === '' ? path : `${path}?${parameters}`;
  }

  async #json<T extends z.ZodType>(request: HttpRequest, schema: T): Promise<z.output<T>> {
    const response = await this.#send(request);
    return this.#checked(await this.#bodyOf(response), schema);
  }

  /** The response, unless the host refuses. */
  async #send({ method, path, body, signal }: HttpRequest): Promise<Response> {
    const { url, token } = this.#connection;
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const response = await fetch(`${url}${path}`, {
      method,
      headers,
      redirect: 'error',
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    }).catch((error: unknown) => {
      throw new CommandFailure(
        `no host answers at ${url} (${networkError(error)}): start one with \`backchannel host\`, ` +
          'or name a running one with --control',
      );
    });
    if (!response.ok) throw await this.#refusal(response);
    return response;
  }

  async #refusal(response: Response): Promise<CommandFailure> {
    const { url } = this.#connection;
    if (response.status === 401) {
      return new CommandFailure(
        `the host at ${url} does not accept this control token: take the one in its state folder, ` +
          'with --state-dir or --control-token-file',
      );
    }
    const { error } = this.#checked(await this.#bodyOf(response), apiErrorBody);
    const hint = HINTS.get(error.code);
    return new CommandFailure(
      hint === undefined
        ? `the host at ${url} refuses: ${error.message}`
        : `${error.message}; ${hint}`,
    );
  }

  async #bodyOf(response: Response): Promise<string> {
    try {
      return await textOf(response);
    } catch {
      throw this.#lost();
    }
  }

  #checked<T extends z.ZodType>(text: string, schema: T): z.output<T> {
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    const { url } = this.#connection;
    throw new CommandFailure(
      `what answers at ${url} does not speak this version's control API: is it a host of ` +
        'sriov-backchannel, and of the same version as this command?',
    );
  }

  #lost(): CommandFailure {
    const { url } = this.#connection;
    return new CommandFailure(`the host at ${url} went away: it has stopped, or cannot be reached`);
  }
}

/** What the network said: fetch hides it in the cause. */
function networkError(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return cause instanceof Error ? cause.message : String(cause);
}
