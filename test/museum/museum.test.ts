import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { EXHIBITS } from './index.ts';
import { NOT_SHOWN } from './not-shown.ts';
import { runExhibit } from './run-exhibit.ts';

describe('the museum', () => {
  test.each(Object.keys(EXHIBITS))('%s: the rule tells the bug from its repair', async (id) => {
    const exhibit = (await EXHIBITS[id]?.())?.default;
    if (exhibit === undefined) throw new Error(`${id} is not there`);
    expect(exhibit.id).toBe(id);
    const { problems, buggy } = await runExhibit(exhibit);
    expect(problems).toEqual([]);
    expect(buggy.verdicts.find((verdict) => verdict.id === exhibit.rule)?.why).not.toEqual([]);
  });

  test.each(Object.keys(EXHIBITS))('%s: goes the same way again', async (id) => {
    const exhibit = (await EXHIBITS[id]?.())?.default;
    if (exhibit === undefined) throw new Error(`${id} is not there`);
    const [first, again] = [await runExhibit(exhibit), await runExhibit(exhibit)];
    expect(again.buggy.hash).toBe(first.buggy.hash);
    expect(again.fixed.hash).toBe(first.fixed.hash);
  });

  test.each(Object.keys(EXHIBITS))('%s: has a story and a source', async (id) => {
    const exhibit = (await EXHIBITS[id]?.())?.default;
    if (exhibit === undefined) throw new Error(`${id} is not there`);
    const story = await readFile(exhibit.story, 'utf8');
    expect(story).toMatch(new RegExp(`^# ${id}: `));
    expect(exhibit.sources.filter((source) => !URL.canParse(source))).toEqual([]);
    expect(exhibit.sources.length).toBeGreaterThan(0);
  });

  test('lists each bug once, as shown or as not shown', () => {
    const ids = [...Object.keys(EXHIBITS), ...NOT_SHOWN.map(({ id }) => id)];
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
});
