import { fileURLToPath } from 'node:url';
import { citedBy } from './citations.ts';
import { AREAS, REQUIREMENTS } from './requirements/index.ts';
import type { Area, Requirement, RequirementStatus } from './requirements/requirement.ts';

const TESTS = fileURLToPath(new URL('../../test', import.meta.url));

const MEANINGS: Readonly<Record<RequirementStatus, string>> = {
  emulated: 'as the documents have it',
  decision:
    'the documents are silent or contradict each other; the rule is a choice ([decisions.md](decisions.md))',
  planned: 'not there yet',
  'not emulated': 'left out, for the reason given',
};

/** The files that cite each rule, by its id. */
type Citations = ReadonlyMap<string, readonly string[]>;

/** The text of docs/conformance.md, made from the rules and from the tests that cite them. */
export function conformanceDocument(): string {
  const citations = citedBy(TESTS);
  return `${[introduction(), counts(), ...AREAS.map((area) => section(area, citations))].join('\n\n')}\n`;
}

function introduction(): string {
  return `# Conformance

<!-- Made by \`npm run docs\` from cli/docs/requirements and the titles of the tests; a test fails when
it is out of date. -->

Every rule of the backchannel that Microsoft's documents and headers state, that published guests and
hosts keep to, or that they leave open; where the emulator stands; and the tests that show it. A test
names the rules that it shows in its title, as in \`[read.message]\`. No rule is called emulated, or a
decision, that no test names.`;
}

function counts(): string {
  const rows = Object.entries(MEANINGS).map(([status, meaning]) => {
    const count = REQUIREMENTS.filter((requirement) => requirement.status === status).length;
    return `| ${status} | ${count} | ${meaning} |`;
  });
  const total = `| | ${REQUIREMENTS.length} | |`;
  return ['| status | rules | meaning |', '| --- | ---: | --- |', ...rows, total].join('\n');
}

function section({ title, requirements }: Area, citations: Citations): string {
  const rows = requirements.map((requirement) => row(requirement, citations));
  return [
    `## ${title}`,
    '',
    '| rule | what it says | source | status | tests |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function row(requirement: Requirement, citations: Citations): string {
  const { id, rule, source } = requirement;
  const tests = (citations.get(id) ?? []).map(link).join(', ');
  return `| \`${id}\` | ${cell(rule)} | ${cell(source)} | ${statusOf(requirement)} | ${tests} |`;
}

function statusOf(requirement: Requirement): string {
  return 'reason' in requirement
    ? `${requirement.status}: ${cell(requirement.reason)}`
    : requirement.status;
}

function link(path: string): string {
  return `[${path.replace(/(?:\.test)?\.ts$/, '')}](../test/${path})`;
}

/** Text that does not end the cell that it stands in. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*', '\\*');
}
