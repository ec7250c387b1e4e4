import type { RequestListener } from 'node:http';
import { createRequire } from 'node:module';

/** The part of @hono/node-server that is used here. */
interface NodeServer {
  getRequestListener(
    fetch: (request: Request) => Response | Promise<Response>,
    options: {
      /** Whether the process's own Request and Response are replaced by faster ones. */
      readonly overrideGlobalObjects: boolean;
      /** Answers what HTTP allows and no Request can be made of. */
      readonly errorHandler: () => Response;
    },
  ): RequestListener;
}

// Its own types are of no use: they need those of a browser, which this project does without.
const nodeServer: NodeServer = createRequire(import.meta.url)('@hono/node-server');

/**
 * Serves requests of node:http with a fetch handler. The global objects stay as they are, since the
 * process runs the code of a miniport's author as well.
 */
export function requestListener(
  fetch: (request: Request) => Response | Promise<Response>,
  malformed: () => Response,
): RequestListener {
  const options = { overrideGlobalObjects: false, errorHandler: malformed };
  return nodeServer.getRequestListener(fetch, options);
}
