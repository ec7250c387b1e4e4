import type { Server } from 'node:http';

/** Where a server listens. Port 0 takes a free one. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** The flag that chooses another port, for messages: `--port`. */
  readonly portFlag?: string;
}

/** An address that cannot be had, in a sentence for people. */
export class ListenError extends Error {
  constructor(address: Address, cause: Error & { readonly code?: string }) {
    super(`cannot listen on ${address.host}:${address.port}: ${explain(cause, address.portFlag)}`, {
      cause,
    });
    this.name = 'ListenError';
  }
}

/** Begins to listen and resolves with the port; rejects with a {@link ListenError}. */
export function listenOn(server: Server, address: Address): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new ListenError(address, error)));
    server.listen(address.port, address.host, () => {
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : address.port);
    });
  });
}

/** A server's URL that can be dialed: one that listens on every address is reached on loopback. */
export function reachableUrl(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

function explain(cause: Error & { readonly code?: string }, portFlag?: string): string {
  const how = portFlag === undefined ? '' : ` with ${portFlag}`;
  switch (cause.code) {
    case 'EADDRINUSE':
      return `the port is in use; is another host running? Choose another port${how}.`;
    case 'EACCES':
      return `not allowed; ports below 1024 may need more rights. Choose another port${how}.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'this machine has no such address';
    default:
      return cause.message;
  }
}
