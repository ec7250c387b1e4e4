import type * as z from 'zod';

/** One setting of a process: its flag, its environment variable and its key in a file, as one entry. */
export interface Setting<S extends z.ZodType = z.ZodType> {
  /** The flag, as the command line's help shows it: `--num-vfs <count>`. */
  readonly flag: string;
  /** What the setting is when nobody says; given to `schema` as text or as it is. */
  readonly fallback: z.input<S> | undefined;
  /** Takes the text of a flag or a variable as well as the JSON value of a file. */
  readonly schema: S;
  /** What it does, in one sentence, with its unit and range. */
  readonly about: string;
}

export type Settings = Readonly<Record<string, Setting>>;

/** The values of a table of settings. */
export type SettingsOf<T extends Settings> = {
  readonly [K in keyof T]: z.output<T[K]['schema']>;
};

/** Gives an entry its types. */
export function setting<S extends z.ZodType>(entry: Setting<S>): Setting<S> {
  return entry;
}

/** How the name of every environment variable of the project begins. */
export const VARIABLE_PREFIX = 'BACKCHANNEL_';

/** `BACKCHANNEL_NUM_VFS` for `numVfs`. */
export function variableOf(key: string): string {
  return `${VARIABLE_PREFIX}${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
