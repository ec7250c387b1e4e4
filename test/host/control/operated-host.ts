import { request as httpRequest, type IncomingMessage } from 'node:http';
import * as z from 'zod';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { ControlServer } from '#host/control/control-server.ts';
import type { PfMiniportFactory, PfVfReport } from '#host/ndis/pf-miniport.ts';
import { type BlockAnswer, configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import type { OidAnswer } from '#shared/ndis/oid-queue.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import type { AttachedGuest } from '#test/kit/world/world-guest.ts';
import { recordingLog } from '#test/support/recording-log.ts';

export const TOKEN = 'the-control-token';

/** A block that the PF of these tests refuses to read and to write. */
export const REFUSED_BLOCK = 9;

const REPORT: PfVfReport = { blocks: [{ blockId: 0, name: 'attributes' }], details: { mtu: 1500 } };

export interface OperatedHostOptions {
  readonly traceHistory?: number;
  /** A free port by default. */
  readonly port?: number;
  /** Several PFs by name; the guest has a VF of each. */
  readonly pfs?: readonly string[];
}

/** A host with a control server on a free port of this machine, and one guest, whose VFId is 0. */
export class OperatedHost {
  /** The blocks of each invalidation that reached the VF driver. */
  readonly invalidated: (readonly number[])[] = [];
  /** What the VF's blocks were written with, in order. */
  readonly written: (readonly [blockId: number, data: string])[] = [];
  /** What each PF was asked for by a VFId, in order: `pf0: write 0`. */
  readonly asked: string[] = [];
  readonly messages: readonly string[];
  /** What the PF miniport shows of a VF. */
  report: () => PfVfReport = () => REPORT;
  /** What it answers a read of {@link REFUSED_BLOCK} with. */
  readRefused: () => BlockAnswer | Promise<BlockAnswer> = () =>
    NDIS_STATUS.NDIS_STATUS_INVALID_DATA;
  port = 0;
  readonly #log: ReturnType<typeof recordingLog>;
  readonly #wantedPort: number;
  readonly #traceHistory: number;
  readonly #pfs: readonly string[];
  #world: World | undefined;
  #server: ControlServer | undefined;
  #guest: AttachedGuest | undefined;

  private constructor({ traceHistory = 0, port = 0, pfs = ['pf0'] }: OperatedHostOptions) {
    this.#log = recordingLog();
    this.messages = this.#log.messages;
    this.#wantedPort = port;
    this.#traceHistory = traceHistory;
    this.#pfs = pfs;
  }

  static async start(options: OperatedHostOptions = {}): Promise<OperatedHost> {
    const host = new OperatedHost(options);
    await host.#start();
    return host;
  }

  get world(): World {
    return present(this.#world);
  }

  get server(): ControlServer {
    return present(this.#server);
  }

  get guest(): AttachedGuest {
    return present(this.#guest);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Sends a request that carries the token. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${TOKEN}`, ...init.headers };
    return fetch(`${this.url}${path}`, { ...init, headers });
  }

  /** Sends JSON. */
  send(method: string, path: string, body: unknown): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return this.fetch(path, { method, headers, body: JSON.stringify(body) });
  }

  /** Sends a request with headers that fetch does not let one choose. */
  raw(
    path: string,
    headers: Readonly<Record<string, string>>,
    options: { readonly method?: string; readonly body?: string } = {},
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { method = 'GET', body } = options;
      const target = { host: '127.0.0.1', port: this.port, path, method };
      const authorization = `Bearer ${TOKEN}`;
      const request = httpRequest({ ...target, headers: { authorization, ...headers } }, resolve);
      request.once('error', reject);
      request.end(body);
    });
  }

  async end(): Promise<void> {
    const closed = this.server.close();
    await this.world.clock.advance(5_000);
    await closed;
    await this.world.end();
  }

  async #start(): Promise<void> {
    const { log } = this.#log;
    const pf: PfMiniportFactory = (adapter) =>
      configBlockPf(adapter, {
        readBlock: (vfId, blockId, length) => {
          this.asked.push(`${adapter.name}: read ${vfId}`);
          if (blockId === REFUSED_BLOCK) return this.readRefused();
          return new Uint8Array(length).fill(blockId);
        },
        writeBlock: (vfId, blockId, data) => {
          this.asked.push(`${adapter.name}: write ${vfId}`);
          return this.#write(blockId, data);
        },
        vfReset: (vfId) => void this.asked.push(`${adapter.name}: reset ${vfId}`),
        reportVf: () => this.report(),
      });
    const pfs = this.#pfs;
    this.#world = await createWorld({
      pf,
      pfs: pfs.map((name) => ({ name, driver: 'mine.ts' })),
      log,
    });
    const invalidated = (blocks: readonly number[]): void => void this.invalidated.push(blocks);
    this.#guest = await this.world.attachGuest(() => configBlockVf({ invalidated }), {
      vfs: pfs.length,
      pfs,
    });
    const { os, clock, trace } = this.world;
    this.#server = new ControlServer({
      os,
      trace,
      clock,
      log,
      address: { host: '127.0.0.1', port: this.#wantedPort },
      token: TOKEN,
      traceHistory: this.#traceHistory,
      version: '1.2.3',
      channelPort: 4040,
    });
    this.port = await this.#server.listen();
  }

  #write(blockId: number, data: Uint8Array): OidAnswer {
    if (blockId === REFUSED_BLOCK) return NDIS_STATUS.NDIS_STATUS_INVALID_DATA;
    this.written.push([blockId, Buffer.from(data).toString('hex')]);
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }
}

/** Status, code and message of a refusal; anything more or less in its one shape fails. */
export async function refusal(response: Response): Promise<readonly [number, string, string]> {
  const body: unknown = await response.json();
  const { error } = refusalShape.parse(body);
  return [response.status, error.code, error.message];
}

const refusalShape = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string() }),
});

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the host has not started');
  return value;
}
