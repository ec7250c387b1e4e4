import type { MiddlewareHandler } from 'hono';
import type { Logger } from 'pino';
import { isOwnHostName } from '#shared/own-host-name.ts';
import { carriesToken } from '../bearer-token.ts';
import { ApiError } from './api-error.ts';

/** The largest body, in bytes; the largest request that means something is far below. */
const MAX_BODY_BYTES = 4096;

/** Turns away what was meant for another host. */
export function ownHostName(listening: string): MiddlewareHandler {
  return async (context, next) => {
    if (!isOwnHostName(context.req.header('host'), listening)) {
      const message = `the Host header names another host: expected localhost or ${listening}`;
      throw new ApiError(403, 'foreign-host', message);
    }
    await next();
  };
}

/** Asks for `Authorization: Bearer …` with the control token. */
export function bearerToken(token: string): MiddlewareHandler {
  return async (context, next) => {
    if (!carriesToken(context.req.header('authorization'), token)) {
      throw new ApiError(401, 'wrong-token', "expected the host's control token, as Bearer");
    }
    await next();
  };
}

/** Caps the body by the length that it states; the HTTP parser holds it to that. */
export const bodySize: MiddlewareHandler = async (context, next) => {
  if (context.req.header('transfer-encoding') !== undefined) {
    throw new ApiError(411, 'length-required', 'expected a Content-Length, and no chunks');
  }
  if (Number(context.req.header('content-length') ?? 0) > MAX_BODY_BYTES) {
    throw new ApiError(413, 'body-too-large', `expected a body of at most ${MAX_BODY_BYTES} bytes`);
  }
  await next();
};

/** Logs what an operator changes. */
export function changesLogged(log: Logger): MiddlewareHandler {
  return async (context, next) => {
    await next();
    const { method, path } = context.req;
    if (method === 'GET' || method === 'HEAD') return;
    const pf = context.req.query('pf');
    log.info({ method, path, pf, status: context.res.status }, 'operator request');
  };
}
