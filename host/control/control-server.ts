import { createServer, type Server } from 'node:http';
import type { Logger } from 'pino';
import { type Address, listenOn } from '#shared/listen-on.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Trace } from '#shared/trace/trace.ts';
import type { ManagementOs } from '../management-os.ts';
import type { HostAnswer } from './api.ts';
import { ApiError, errorBody } from './api-error.ts';
import { newControlApp } from './control-app.ts';
import { requestListener } from './request-listener.ts';
import { TraceFeed } from './trace-feed.ts';

/** Connections at once; many times what commands and a console need. */
const MAX_CONNECTIONS = 256;
/** How long a client may take to send a request, so that idle ones hold no connection. */
const REQUEST_TIMEOUT_MS = 30_000;
/** How long answers that are under way may take once the server closes. */
const CLOSE_GRACE_MS = 1_000;

export interface ControlServerOptions {
  readonly os: ManagementOs;
  readonly trace: Trace;
  /** Where to listen. What reaches more than this machine is protected by the token alone. */
  readonly address: Address;
  /** What an operator must carry as `Authorization: Bearer …`. */
  readonly token: string;
  /** How many trace events are kept for those who ask later; 0 keeps none. */
  readonly traceHistory: number;
  /** The version of sriov-backchannel. */
  readonly version: string;
  /** The port on which guests open their channels. */
  readonly channelPort: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The HTTP server of the control API, through which an operator sees a host and acts on it. */
export class ControlServer {
  readonly #options: ControlServerOptions;
  readonly #feed: TraceFeed;
  readonly #http: Server;
  readonly #startedAt: number;

  /** Begins to keep the trace. */
  constructor(options: ControlServerOptions) {
    this.#options = options;
    const { trace, clock, traceHistory } = options;
    this.#startedAt = clock.now();
    this.#feed = new TraceFeed(trace, clock, traceHistory);
    const app = newControlApp({
      ...options,
      feed: this.#feed,
      listening: options.address.host,
      host: () => this.#host(),
    });
    const listener = requestListener(app.fetch, refuseMalformed);
    this.#http = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, listener);
    this.#http.maxConnections = MAX_CONNECTIONS;
  }

  /** Begins to listen; resolves with the port, and rejects when the address cannot be had. */
  listen(): Promise<number> {
    return listenOn(this.#http, this.#options.address);
  }

  /** Ends every trace stream at once, lets the answers that are under way finish, and closes. */
  close(): Promise<void> {
    this.#feed.close();
    return new Promise((resolve) => {
      const grace = this.#options.clock.setTimer(CLOSE_GRACE_MS, () =>
        this.#http.closeAllConnections(),
      );
      this.#http.close(() => {
        grace.cancel();
        resolve();
      });
      this.#http.closeIdleConnections();
    });
  }

  #host(): HostAnswer {
    const { os, clock, version, channelPort } = this.#options;
    return {
      version,
      nodeVersion: process.version,
      channelPort,
      startedAt: new Date(this.#startedAt).toISOString(),
      uptimeSeconds: (clock.now() - this.#startedAt) / 1000,
      numVfs: os.pfs.reduce((sum, pf) => sum + pf.numVfs, 0),
      allocatedVfs: os.pfs.reduce((sum, pf) => sum + pf.vfs.length, 0),
    };
  }
}

/** Answers what HTTP allows and no URL can be made of, before any route sees it. */
function refuseMalformed(): Response {
  const error = new ApiError(400, 'bad-request', 'the request has no valid Host or path');
  return Response.json(errorBody(error), { status: error.status });
}
