import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Clock, Timer } from '#shared/time/clock.ts';
import type { NicConfig } from './nic-config.ts';
import { NicConfigError } from './nic-config-error.ts';
import type { NicConfigSource } from './nic-config-source.ts';
import { parseNicConfigText } from './parse-nic-config.ts';
import { type FileWatch, type WatchFile, watchFile } from './watch-file.ts';

/**
 * Milliseconds of quiet after which a touched file is read. Saving a file is often several writes;
 * and the watcher itself tells nothing more within 50 ms of a change, so a shorter wait could read
 * the file before its last write and never hear of that.
 */
const QUIET_MS = 100;

/** What a configuration file needs of its surroundings. */
export interface NicConfigFileServices {
  readonly clock: Clock;
  readonly log: Logger;
  /** Default: the machine's file system. */
  readonly read?: (file: string) => Promise<string>;
  /** Default: the machine's file system. */
  readonly watch?: WatchFile;
}

/**
 * Reads a NIC configuration file and follows it from then on. An edit that cannot be used is logged
 * with its place, and the configuration before it stays in force.
 *
 * @throws NicConfigError when the file is missing, is not JSON, or is not valid
 */
export async function openNicConfigFile(
  file: string,
  services: NicConfigFileServices,
): Promise<NicConfigSource> {
  const source = new NicConfigFile(file, services);
  await source.open(services.watch ?? watchFile);
  return source;
}

class NicConfigFile implements NicConfigSource {
  readonly #file: string;
  readonly #services: NicConfigFileServices;
  #config: NicConfig = {};
  #text: string | undefined;
  #listener: ((config: NicConfig) => void) | undefined;
  #watch: FileWatch | undefined;
  #timer: Timer | undefined;
  #reloads: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(file: string, services: NicConfigFileServices) {
    this.#file = file;
    this.#services = services;
  }

  /** Watches before it reads: an edit between the two would be lost otherwise. */
  async open(watch: WatchFile): Promise<void> {
    this.#watch = await watch(this.#file, {
      touched: () => this.#touched(),
      failed: (error) =>
        this.#services.log.warn(
          { file: this.#file, err: error },
          'NIC configuration file unwatched',
        ),
    });
    try {
      this.#text = await this.#read();
      this.#config = parseNicConfigText(this.#text, this.#file);
    } catch (error) {
      await this.close();
      throw error;
    }
    this.#services.log.info({ file: this.#file }, 'NIC configuration loaded');
  }

  current(): NicConfig {
    return this.#config;
  }

  onChange(listener: (config: NicConfig) => void): void {
    this.#listener = listener;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#watch?.close();
    await this.#reloads;
  }

  #touched(): void {
    if (this.#closed) return;
    this.#timer?.cancel();
    this.#timer = this.#services.clock.setTimer(QUIET_MS, () => {
      this.#reloads = this.#reloads.then(() => this.#reload());
    });
  }

  async #reload(): Promise<void> {
    try {
      const text = await this.#read();
      if (this.#closed || text === this.#text) return;
      this.#text = text;
      this.#config = parseNicConfigText(text, this.#file);
    } catch (error) {
      this.#refuse(error);
      return;
    }
    this.#services.log.info({ file: this.#file }, 'NIC configuration changed');
    this.#listener?.(this.#config);
  }

  #refuse(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#services.log.error(
      { file: this.#file, problems: message.split('\n') },
      'NIC configuration refused, the one before it stays in force',
    );
  }

  async #read(): Promise<string> {
    try {
      return await (this.#services.read ?? readText)(this.#file);
    } catch (error) {
      const problem = { path: '', found: unreadable(error), expected: 'a NIC configuration file' };
      throw new NicConfigError(this.#file, [problem]);
    }
  }
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8');
}

/** Why a file cannot be read, from what the file system says. */
function unreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EISDIR') return 'a directory';
  return error instanceof Error ? error.message : String(error);
}
