import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { citedBy } from '#cli/docs/citations.ts';
import { REQUIREMENTS } from '#cli/docs/requirements/index.ts';

const CITATIONS = citedBy(fileURLToPath(new URL('..', import.meta.url)));
const SHOWN = new Set(['emulated', 'decision']);

describe('the rules', () => {
  test('have ids of their own, dotted and in lower case', () => {
    const ids = REQUIREMENTS.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.filter((id) => !/^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$/.test(id))).toEqual([]);
  });

  test('are sentences, with a source by name', () => {
    const bad = REQUIREMENTS.filter(
      ({ rule, source }) => !/^[A-Z0-9*].+\.$/.test(rule) || !/^[A-Za-z].{4,}$/.test(source),
    );
    expect(bad.map(({ id }) => id)).toEqual([]);
  });

  test('that are not emulated, or not yet, say why', () => {
    const reasons = REQUIREMENTS.flatMap((each) => ('reason' in each ? [each.reason] : []));
    expect(reasons.length).toBe(REQUIREMENTS.filter(({ status }) => !SHOWN.has(status)).length);
    expect(reasons.filter((reason) => reason.length < 10)).toEqual([]);
  });
});

describe('the citations of the tests', () => {
  test('name rules that exist', () => {
    const ids = new Set(REQUIREMENTS.map(({ id }) => id));
    const unknown = [...CITATIONS].filter(([id]) => !ids.has(id));
    expect(unknown).toEqual([]);
  });

  test('leave no rule out that is emulated or a decision', () => {
    const uncited = REQUIREMENTS.filter(
      ({ id, status }) => SHOWN.has(status) && !CITATIONS.has(id),
    );
    expect(uncited.map(({ id }) => id)).toEqual([]);
  });

  test('claim none that is planned or not emulated', () => {
    const claimed = REQUIREMENTS.filter(
      ({ id, status }) => !SHOWN.has(status) && CITATIONS.has(id),
    );
    expect(claimed.map(({ id }) => [id, CITATIONS.get(id)])).toEqual([]);
  });
});
