import type { NicConfig, NicConfigInput } from './nic-config.ts';
import { parseNicConfig } from './parse-nic-config.ts';

/** Where a PF has its configuration from. */
export interface NicConfigSource {
  /** The configuration in force. */
  current(): NicConfig;
  /** Sets the one listener that is told of each further configuration; it must not throw. */
  onChange(listener: (config: NicConfig) => void): void;
  /** The listener is told nothing more. */
  close(): Promise<void>;
}

/** A configuration that a program holds: for tests, and for those who use the PF as a library. */
export class InMemoryNicConfig implements NicConfigSource {
  #config: NicConfig;
  #listener: ((config: NicConfig) => void) | undefined;

  /** @throws NicConfigError when it is not valid */
  constructor(config: NicConfigInput = {}) {
    this.#config = parseNicConfig(config);
  }

  current(): NicConfig {
    return this.#config;
  }

  /** Puts another configuration in force. @throws NicConfigError when it is not valid */
  change(config: NicConfigInput): void {
    this.#config = parseNicConfig(config);
    this.#listener?.(this.#config);
  }

  onChange(listener: (config: NicConfig) => void): void {
    this.#listener = listener;
  }

  async close(): Promise<void> {
    this.#listener = undefined;
  }
}
