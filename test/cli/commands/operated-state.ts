import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type StateDirectory, stateDirectory } from '#shared/state-directory.ts';

/** A state folder as a running host leaves it. */
export class OperatedState {
  readonly files: StateDirectory = stateDirectory(mkdtempSync(join(tmpdir(), 'backchannel-')));

  /** What a command finds when nobody gives it flags. */
  get env(): Readonly<Record<string, string>> {
    return { BACKCHANNEL_STATE_DIR: this.files.root };
  }

  writeEndpoint(text: string): void {
    this.#write(this.files.controlEndpoint, text);
  }

  writeToken(text: string): void {
    this.#write(this.files.controlToken, text);
  }

  remove(): void {
    rmSync(this.files.root, { recursive: true, force: true });
  }

  #write(path: string, text: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
