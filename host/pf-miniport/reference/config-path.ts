/** The keys and indexes that lead to a value. */
export type Path = readonly (string | number)[];

/** `vfs.3.multicast[0]`. */
export function pathText(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}
