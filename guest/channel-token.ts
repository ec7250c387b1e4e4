import { readFileSync } from 'node:fs';
import { isToken } from '#shared/token.ts';
import type { DialOptions } from './vmbus/dial.ts';

/**
 * The channel token: the one that was given, or the one that a host left in its state folder. The
 * file is read at each try, since the host may only be starting.
 */
export function channelToken(given: string | undefined, path: string): DialOptions['token'] {
  if (given !== undefined) return () => ({ token: given });
  return () => {
    try {
      const token = readFileSync(path, 'utf8').trim();
      return isToken(token) ? { token } : { failure: `${path} holds no channel token` };
    } catch {
      const hint = 'is a host running here? Otherwise give --token or --state-dir';
      return { failure: `no channel token at ${path}: ${hint}` };
    }
  };
}
