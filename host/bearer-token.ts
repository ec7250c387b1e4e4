import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whether an `Authorization` header carries this token. Digests of equal length are compared, so
 * that the time it takes tells nothing of the token.
 */
export function carriesToken(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
