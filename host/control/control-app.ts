import { OpenAPIHono } from '@hono/zod-openapi';
import type { Logger } from 'pino';
import type { ZodError } from 'zod';
import { RecurringLog } from '#shared/recurring-log.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { ManagementOs } from '../management-os.ts';
import type { HostAnswer } from './api.ts';
import { ApiError, answerError } from './api-error.ts';
import { addBlockRoutes } from './block-routes.ts';
import { bearerToken, bodySize, changesLogged, ownHostName } from './guards.ts';
import { addPfRoutes } from './pf-routes.ts';
import { healthRoute, hostRoute, traceRoute } from './routes.ts';
import { MAX_READERS, type TraceFeed } from './trace-feed.ts';
import { traceStream } from './trace-stream.ts';
import { addVfRoutes } from './vf-routes.ts';

export interface ControlAppOptions {
  readonly os: ManagementOs;
  readonly feed: TraceFeed;
  /** The address that the server listens on. */
  readonly listening: string;
  readonly token: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** The version of sriov-backchannel. */
  readonly version: string;
  readonly host: () => HostAnswer;
}

/**
 * The control API, from request to answer. It gives no CORS headers, so a browser lets no other
 * site's page read it.
 */
export function newControlApp(options: ControlAppOptions): OpenAPIHono {
  const { os, feed, listening, token, clock, log, version, host } = options;
  const app = new OpenAPIHono({ defaultHook: refuseInvalid });
  app.onError((error, context) => answerError(log, error, context));
  app.notFound((context) => {
    const { method, path } = context.req;
    const error = new ApiError(404, 'no-such-route', `${method} ${path}: see /v1/openapi.json`);
    return answerError(log, error, context);
  });
  app.use(ownHostName(listening));
  addHealthRoute(app, os);
  app.use(bearerToken(token), bodySize, changesLogged(log));
  app.openapi(hostRoute, (context) => context.json(host(), 200));
  addPfRoutes(app, os);
  addVfRoutes(app, os, new RecurringLog(log, clock));
  addBlockRoutes(app, os);
  addTraceRoute(app, feed);
  addDocument(app, version);
  return app;
}

function addHealthRoute(app: OpenAPIHono, os: ManagementOs): void {
  app.openapi(healthRoute, (context) => {
    if (!os.started) throw new ApiError(503, 'not-started', 'not every PF is initialized');
    return context.json({ status: 'ok' as const }, 200);
  });
}

function addTraceRoute(app: OpenAPIHono, feed: TraceFeed): void {
  app.openapi(traceRoute, (context) => {
    const headers = { 'content-type': 'application/x-ndjson', connection: 'close' };
    // A stream that nobody reads would never end.
    if (context.req.method === 'HEAD') return new Response(null, { headers });
    const reader = feed.open(context.req.valid('query'));
    if (reader === undefined) {
      const message = `${MAX_READERS} read the trace already; one of them has to end`;
      throw new ApiError(429, 'too-many-readers', message);
    }
    const stream = traceStream(reader, () => feed.leave(reader));
    return new Response(stream, { headers });
  });
}

function addDocument(app: OpenAPIHono, version: string): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'controlToken', {
    type: 'http',
    scheme: 'bearer',
  });
  app.doc31('/v1/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'sriov-backchannel control API', version },
    security: [{ controlToken: [] }],
  });
}

/** Names each field that is wrong, and what was expected of it. */
function refuseInvalid(result: { success: boolean; target: string; error?: ZodError }): void {
  if (result.success) return;
  const whole = result.target === 'json' ? 'body' : result.target;
  const sentences = (result.error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.') || whole}: ${message}`,
  );
  throw new ApiError(400, 'bad-request', sentences.join('; '));
}
