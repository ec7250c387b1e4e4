import { isIP } from 'node:net';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1']);
const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

/**
 * Whether a request with this `Host` header may be meant for a server that listens on `listening`.
 *
 * A web page can make its own name resolve to an address of this machine, and a browser would then
 * send that page's requests here, under that name. Hence only names that nobody else can own are
 * accepted: loopback, the address itself, and any numeric address when all of them are listened on.
 */
export function isOwnHostName(header: string | undefined, listening: string): boolean {
  const name = hostNameOf(header ?? '');
  if (name === undefined) return false;
  if (LOOPBACK.has(name) || name === listening.toLowerCase()) return true;
  return ANY_ADDRESS.has(listening) && isIP(name) !== 0;
}

/** The name without its port, in lower case, and an IPv6 address without its brackets. */
function hostNameOf(header: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::\d{1,5})?$/i.exec(header);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}
