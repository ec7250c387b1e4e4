import { readFile } from 'node:fs/promises';
import { describe, expect, test, vi } from 'vitest';
import { drop } from '../kit/faults/fault.ts';
import { EXHIBITS, SAME_AS, shownAs } from './index.ts';
import { NOT_SHOWN } from './not-shown.ts';
import { placeOf } from './place-of.ts';
import { runExhibit } from './run-exhibit.ts';

// The first test that needs a module loads it, on a machine that is busy.
vi.setConfig({ testTimeout: 30_000 });

describe('the museum', () => {
  test.each(Object.keys(EXHIBITS))(
    '%s: the rule tells the bug from its repair, twice the same way',
    async (id) => {
      const exhibit = (await EXHIBITS[id]?.())?.default;
      if (exhibit === undefined) throw new Error(`${id} is not there`);
      expect(exhibit.id).toBe(id);
      const { problems, buggy, fixed } = await runExhibit(exhibit);
      expect(problems).toEqual([]);
      expect(buggy.verdicts.find((verdict) => verdict.id === exhibit.rule)?.why).not.toEqual([]);
      const again = await runExhibit(exhibit);
      expect(again.buggy.hash).toBe(buggy.hash);
      expect(again.fixed.hash).toBe(fixed.hash);
    },
  );

  test.each(Object.keys(EXHIBITS))('%s: has a story and a source', async (id) => {
    const exhibit = (await EXHIBITS[id]?.())?.default;
    if (exhibit === undefined) throw new Error(`${id} is not there`);
    const story = await readFile(exhibit.story, 'utf8');
    expect(story).toMatch(new RegExp(`^# ${id}: `));
    expect(exhibit.sources.filter((source) => !URL.canParse(source))).toEqual([]);
    expect(exhibit.sources.length).toBeGreaterThan(0);
    expect(await placeOf(exhibit)).toMatch(/\.ts:\d+$/);
  });

  test('an exhibit that points at no line, or at several, is named', async () => {
    const exhibit = (await EXHIBITS['S10']?.())?.default;
    if (exhibit === undefined) throw new Error('S10 is not there');
    const at = (line: string) => placeOf({ ...exhibit, where: { file: 'index.ts', line } });
    await expect(at('no such text')).rejects.toThrow('S10: index.ts has 0 lines with no such text');
    await expect(at('import ')).rejects.toThrow(/^S10: index\.ts has [4-9] lines with import $/);
  });

  test('lists each bug once, as shown or as not shown', () => {
    const ids = [...Object.keys(EXHIBITS), ...NOT_SHOWN.map(({ id }) => id)];
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(Object.values(SAME_AS).filter((id) => !ids.includes(id))).toEqual([]);
    expect(Object.keys(SAME_AS).filter((id) => ids.includes(id))).toEqual([]);
  });

  test('has an answer for every bug of pci-hyperv and of mlx5 that the catalogue counts', () => {
    const known = [...Object.keys(EXHIBITS), ...NOT_SHOWN.map(({ id }) => id)];
    const counted = [...count('L', 32), ...count('M', 12)];
    expect(counted.filter((id) => !known.includes(shownAs(id)))).toEqual([]);
  });

  test('an exhibit whose drivers are swapped, or whose fault meets nothing, is not told apart', async () => {
    const exhibit = (await EXHIBITS['S10']?.())?.default;
    if (exhibit === undefined) throw new Error('S10 is not there');
    const swapped = await runExhibit({ ...exhibit, buggy: exhibit.fixed, fixed: exhibit.buggy });
    expect(swapped).toMatchObject({ isToldApart: false });
    expect(swapped.problems).toEqual([
      'with the bug, I5 is true and not false',
      expect.stringMatching(/^without the bug, I5 is false: VF 0 \(g1\/0\) kept version 2/),
    ]);
    const faults = [{ when: { hop: 'hostPacketSent', name: 'NO_SUCH' }, do: drop() }] as const;
    const idle = await runExhibit({ ...exhibit, options: { faults } });
    expect(idle.problems).toEqual(
      ['with', 'without'].map(
        (each) => `${each} the bug, no event met the fault drop: every NO_SUCH at hostPacketSent`,
      ),
    );
  });

  test('an exhibit whose bug breaks a rule that it does not name is not told apart', async () => {
    const exhibit = (await EXHIBITS['S03']?.())?.default;
    if (exhibit === undefined) throw new Error('S03 is not there');
    const { problems } = await runExhibit({ ...exhibit, alsoBreaks: [] });
    expect(problems).toEqual(['with the bug, I10 is false, too']);
  });
});

function count(letter: string, last: number): readonly string[] {
  return Array.from({ length: last }, (_, index) => `${letter}${index + 1}`);
}
