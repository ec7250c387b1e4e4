import type { StateTable } from '#shared/state-table.ts';
import { LIFECYCLES, type Lifecycle } from '../states/lifecycles.ts';
import { mermaidOf } from '../states/mermaid.ts';

/** The text of docs/lifecycle.md, made from the tables that both sides enforce. */
export function lifecycleDocument(): string {
  return `${[introduction(), ...Object.values(LIFECYCLES).map(section)].join('\n\n')}\n`;
}

function introduction(): string {
  return `# The life of a VF

<!-- Made by \`npm run docs\` from host/virtualization-stack/vf-state.ts and guest/vf-phase.ts; a test
fails when it is out of date. -->

Host and guest each keep a table of the states of a VF and of what may follow what. A VF enters no
state that its table does not lead to, and a test meets every change of both. \`backchannel states\`
prints the tables, with \`--json\` for scripts, and with \`--mermaid\` as the diagrams below.

What becomes of reads, writes and invalidations in each state, and of the IOCTL that is pended, is in
[conformance.md](conformance.md#states-of-a-vf).`;
}

function section({ title, about, table }: Lifecycle): string {
  return [`## ${title}`, about, `\`\`\`mermaid\n${mermaidOf(table)}\`\`\``, rowsOf(table)].join(
    '\n\n',
  );
}

function rowsOf(table: StateTable): string {
  const rows = Object.entries(table).map(([state, { what, to }]) => {
    const changes = Object.entries(to).map(([next, cause]) => `**${next}**: ${cause}`);
    return `| **${state}** | ${what} | ${changes.join('<br>')} |`;
  });
  return ['| state | what it means | what leads on |', '| --- | --- | --- |', ...rows].join('\n');
}
