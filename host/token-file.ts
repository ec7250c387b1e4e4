import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { newSecret } from '#shared/time/system.ts';
import { isToken } from '#shared/token.ts';

/**
 * The secret in a file, which is made with a new one when it is missing. Only its owner can read it.
 * The file appears whole: two processes that make it at the same time end with the same secret, and
 * nobody reads half of one.
 */
export async function readOrCreateToken(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.${process.pid}`;
  await writeFile(fresh, `${newSecret()}\n`, { mode: 0o600 });
  try {
    await link(fresh, path);
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!exists) throw error;
  } finally {
    await unlink(fresh);
  }
  const token = (await readFile(path, 'utf8')).trim();
  if (isToken(token)) return token;
  throw new Error(`${path} holds no token; remove it, and the next start makes a new one`);
}
