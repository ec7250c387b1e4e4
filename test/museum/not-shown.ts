/** A bug that the museum does not show, and what the kit lacks for it, in one line. */
export interface NotShown {
  readonly id: string;
  readonly title: string;
  readonly lacks: string;
}

/** Bugs of the catalogue that cannot be expressed, by id. */
export const NOT_SHOWN: readonly NotShown[] = [];
