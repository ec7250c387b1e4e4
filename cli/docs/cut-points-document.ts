import { ACTOR_TITLES, type Hop } from '#shared/trace/hop.ts';
import { HOPS } from '#shared/trace/hops.ts';
import { VERBS } from '#test/kit/faults/verbs.ts';

const HOP_ENTRIES: readonly (readonly [name: string, hop: Hop])[] = Object.entries(HOPS);

/** The text of docs/cut-points.md, made from the hops of the trace and the verbs of the kit. */
export function cutPointsDocument(): string {
  return `${[introduction(), hops(), verbs()].join('\n\n')}\n`;
}

function introduction(): string {
  return `# Cut points and faults

<!-- Made by \`npm run docs\` from shared/trace/hops.ts and test/kit/faults/verbs.ts; a test fails when
it is out of date. -->

What a fault rule of the [test kit](testing.md) can name in \`when: { hop }\`, and what it can \`do\` there.
Every event of a run is a cut point: a hop, the documented name of what travels there (an OID, an IOCTL, a
message or a function), the VF, and the number of the occurrence.`;
}

function hops(): string {
  const rows = HOP_ENTRIES.map(
    ([name, { from, to, phase, what }]) =>
      `| \`${name}\` | ${ACTOR_TITLES[from]} | ${from === to ? '' : ACTOR_TITLES[to]} | ${phase} | ${what} |`,
  );
  return [
    '## Hops',
    '',
    '| hop | from | to | phase | what happens |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function verbs(): string {
  const rows = Object.entries(VERBS).map(([verb, { what, at, inTheModel }]) => {
    const places = at.length === HOP_ENTRIES.length ? 'every hop' : at.map((hop) => `\`${hop}\``);
    return `| \`${verb}\` | ${what} | ${inTheModel ? 'yes' : 'no'} | ${String(places).replaceAll(',', ', ')} |`;
  });
  return [
    '## Faults',
    '',
    'A fault in the model is what real systems do to a correct driver, which has to live with it: `sweep` and',
    '`explore` use those. The others are what only a defective or hostile peer does; `--beyond-the-model` uses',
    'them as well.',
    '',
    '| verb | what it does to the event | in the model | at |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
