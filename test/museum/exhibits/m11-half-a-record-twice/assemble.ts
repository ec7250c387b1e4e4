import type { Assemble } from '../../drivers/fragments.ts';

/** Another sequence number begins another record; what has the same is its continuation. */
export const bySequence: Assemble = (assembly, { sequence, value }) => ({
  ...assembly,
  sequence,
  fragments: [...(assembly.sequence === sequence ? assembly.fragments : []), value],
});

/** The first fragment begins a record, also where its sequence number is known. */
export const byTheFirst: Assemble = (assembly, { sequence, index, value }) => ({
  ...assembly,
  sequence,
  fragments: index === 0 ? [value] : [...assembly.fragments, value],
});
