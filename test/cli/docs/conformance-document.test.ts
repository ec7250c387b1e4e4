import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { conformanceDocument } from '#cli/docs/conformance-document.ts';
import { AREAS, REQUIREMENTS } from '#cli/docs/requirements/index.ts';

const DOCS = new URL('../../../docs/', import.meta.url);
const TEXT = conformanceDocument();

/** The rows that begin with the id of a rule, cell by cell. */
const ROWS = TEXT.split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

describe('the table of rules', () => {
  test('has every rule once, in the order of the areas', () => {
    expect(ROWS.map((row) => row[1])).toEqual(REQUIREMENTS.map(({ id }) => `\`${id}\``));
    expect([...TEXT.matchAll(/^## (.*)$/gm)].map((match) => match[1])).toEqual(
      AREAS.map(({ title }) => title),
    );
  });

  test('has six cells in every row, whatever the text', () => {
    expect(ROWS.filter((row) => row.length !== 7)).toEqual([]);
    expect(TEXT).toContain('when \\*SRIOV is 0');
  });

  test('gives the reason where a rule is planned or left out', () => {
    for (const [index, requirement] of REQUIREMENTS.entries()) {
      const expected =
        'reason' in requirement
          ? `${requirement.status}: ${requirement.reason}`
          : requirement.status;
      expect(ROWS[index]?.[4]).toBe(expected);
    }
  });

  test('links tests that exist, and none for a rule that is not there', () => {
    const links = [...TEXT.matchAll(/\]\((\.\.\/test\/[^)]+)\)/g)].map((match) => match[1] ?? '');
    expect(links.length).toBeGreaterThan(200);
    expect(links.filter((link) => !existsSync(fileURLToPath(new URL(link, DOCS))))).toEqual([]);
    for (const row of ROWS) expect(row[5] !== '').toBe(/^(emulated|decision)$/.test(row[4] ?? ''));
  });
});

describe('the counts', () => {
  test('add up', () => {
    const counts = [...TEXT.matchAll(/^\| (emulated|decision|planned|not emulated) \| (\d+) /gm)];
    const sum = counts.reduce((all, match) => all + Number(match[2]), 0);
    expect(counts).toHaveLength(4);
    expect(sum).toBe(REQUIREMENTS.length);
    expect(TEXT).toContain(`\n| | ${sum} | |\n`);
  });
});
