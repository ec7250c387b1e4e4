import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Tells commands on this machine where the control API answers. The file appears whole. */
export async function writeEndpoint(path: string, url: string): Promise<void> {
  const fresh = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(fresh, textFor(url));
  await rename(fresh, path);
}

/** Takes it back, unless another host has left its own there since. */
export async function removeEndpoint(path: string, url: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === textFor(url)) await rm(path, { force: true });
}

function textFor(url: string): string {
  return `${JSON.stringify({ url, pid: process.pid })}\n`;
}
