import type { Assemble } from '../../drivers/fragments.ts';

/** Takes fragments of records that `isNew` says are not the last one again. */
function newerOnly(isNew: (sequence: number, last: number) => boolean): Assemble {
  return (assembly, { sequence, index, value }) => {
    const { last, fragments } = assembly;
    if (last !== undefined && !isNew(sequence, last)) return assembly;
    return { last, sequence, fragments: index === 0 ? [value] : [...fragments, value] };
  };
}

export const ifGreater = newerOnly((sequence, last) => sequence > last);

export const ifDifferent = newerOnly((sequence, last) => sequence !== last);
