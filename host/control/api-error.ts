import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Logger } from 'pino';
import { messageOf } from '#shared/message-of.ts';

/** A refusal: an HTTP status, a code for programs, and a message for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: ContentfulStatusCode;
  readonly code: string;

  constructor(status: ContentfulStatusCode, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The one shape that every refusal has. */
export function errorBody({ code, message }: ApiError): {
  readonly error: { readonly code: string; readonly message: string };
} {
  return { error: { code, message } };
}

/** Answers whatever a route threw. What is nobody's refusal is logged, and told to nobody. */
export function answerError(log: Logger, error: unknown, context: Context): Response {
  const refusal = error instanceof ApiError ? error : refusalOf(error);
  if (refusal.status >= 500) {
    log.error({ path: context.req.path }, `the control API failed: ${messageOf(error)}`);
  }
  if (refusal.status === 401) context.header('WWW-Authenticate', 'Bearer');
  return context.json(errorBody(refusal), refusal.status);
}

function refusalOf(error: unknown): ApiError {
  if (error instanceof HTTPException && error.status === 415) {
    return new ApiError(415, 'unsupported-media-type', 'expected Content-Type: application/json');
  }
  if (error instanceof HTTPException && error.status < 500) {
    return new ApiError(400, 'bad-request', 'the body is not JSON');
  }
  return new ApiError(500, 'internal-error', 'the host failed; its log says more');
}
