/** What it means to be in a state, and where it may lead: each target with what causes the change. */
export interface StateEntry {
  readonly what: string;
  readonly to: Readonly<Record<string, string>>;
}

/** The states of something, from its first to those that lead nowhere. */
export type StateTable = Readonly<Record<string, StateEntry>>;

/** Whether what is in one state may enter the other. */
export function canEnter<T extends StateTable>(table: T, from: keyof T, to: keyof T): boolean {
  const entry: StateEntry | undefined = table[from];
  return entry !== undefined && Object.hasOwn(entry.to, to);
}
