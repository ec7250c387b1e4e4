import { IO_RULES } from '#guest/io/io-violation.ts';
import { CALLBACK_RULE } from '#guest/linux/invalidate-callback.ts';
import type { ContractRule } from '#shared/ndis/contract-observer.ts';
import { ATTRIBUTES_RULE } from '#shared/ndis/miniport-registration.ts';
import { type Severity, VERIFIER_RULES, type VerifierRule } from '#shared/verifier/rules.ts';

const MEANINGS: Readonly<Record<Severity, string>> = {
  violation: 'it is against a document; `--verifier fatal` stops the adapter',
  suspicion: 'no document forbids it, and a driver seldom means to do it; it is reported only',
};

/** The rules that are held to with or without the verifier, which reports their breaches like others. */
export const FOUND_RULES: readonly ContractRule[] = [
  ATTRIBUTES_RULE,
  ...Object.entries(IO_RULES).map(([id, rule]) => ({ id, ...rule })),
  CALLBACK_RULE,
];

/** The text of docs/verifier.md, made from the rules of the verifier. */
export function verifierDocument(): string {
  return `${[introduction(), severities(), inAProgram(), rules(), foundRules()].join('\n\n')}\n`;
}

function introduction(): string {
  return `# The verifier

<!-- Made by \`npm run docs\` from shared/verifier/rules.ts; a test fails when it is out of date. -->

With \`--verifier\` the host watches its PF miniports and a guest its VF miniports, from outside, as
Driver Verifier does: they get an adapter and requests that look the same and are watched. Each breach
of a rule is logged with the rule, its source, the adapter, the events of the trace that show it, and
the place in the author's own file; traced as \`pfContractViolated\` or \`vfContractViolated\`; and
counted, with a summary when the process ends. Of a rule that one adapter breaks again and again, the
first five breaches are told, and after them each tenfold count.

With \`--verifier fatal\` a violation stops the adapter besides. A PF loses its VFs by surprise, and the
host ends with exit code 1 and the report; a VF ends as failed, and the other VFs of its guest go on.

Without \`--verifier\` nothing is put around a miniport, and none of this costs anything.`;
}

function severities(): string {
  const rows = Object.entries(MEANINGS).map(
    ([severity, meaning]) => `| ${severity} | ${meaning} |`,
  );
  return ['| how sure | what it means |', '| --- | --- |', ...rows].join('\n');
}

function inAProgram(): string {
  return `## In a program of yours

\`createManagementOs\` and \`createGuestOs\` take \`verifier: 'off' | 'log' | 'fatal'\`, which means what it
means to the commands; it is off by default. The operating system then has what was found:

\`\`\`js
const os = createManagementOs({ pfMiniport: myPf, verifier: 'log', log });
// …
os.verifier?.summary(); // '2 breaches: oid.completed-once 2 by PF miniport pf0'
os.verifier?.counts;    // [{ id: 'oid.completed-once', actor: 'PF miniport pf0', count: 2 }]
os.verifier?.reports;   // the breaches that were told, for formatReport
\`\`\`

Breaches go to the \`log\` that it is given, a pino logger; without one nothing is logged. With \`'fatal'\` a
stopped PF is told to \`onStopped\` of \`createManagementOs\`, with the report, and what is left is for the
program to stop; a stopped VF ends \`guest.run()\` as failed, with the report as its reason.`;
}

function rules(): string {
  const rows = Object.entries(VERIFIER_RULES).map(([id, rule]) => row(id, rule));
  return [
    '## Rules',
    '',
    '| rule | of | what it says | how sure | source | the report shows |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function row(id: string, { side, rule, severity, source, shownBy }: VerifierRule): string {
  return `| \`${id}\` | ${side} | ${rule} | ${severity} | ${source} | ${shownBy} |`;
}

function foundRules(): string {
  const rows = FOUND_RULES.map(({ id, rule, source }) => `| \`${id}\` | ${rule} | ${source} |`);
  return [
    '## Rules that are held to without the verifier as well',
    '',
    'What breaks one of these is logged and traced in any case, and refused, unless a page leaves open',
    'what becomes of it. With the verifier it is a violation like the others: reported with what led to',
    'it, counted, and fatal if that is asked for.',
    '',
    '| rule | what it says | source |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n');
}
