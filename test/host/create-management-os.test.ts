import { describe, expect, test } from 'vitest';
import { createManagementOs } from '#host/create-management-os.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';

describe('createManagementOs', () => {
  test('without any PF, or with two of one name, throws', () => {
    const pfMiniport = new RecordingPf().factory;
    expect(() => createManagementOs({ pfMiniport, pfs: [] })).toThrow('at least one PF');
    const twice = [{ name: 'left' }, { name: 'left' }];
    expect(() => createManagementOs({ pfMiniport, pfs: twice })).toThrow('two PFs are named left');
  });

  test('that is given a PF miniport alone makes one PF, with the defaults of the command', async () => {
    const pf = new RecordingPf();
    const os = createManagementOs({ pfMiniport: pf.factory });
    expect(os.pfs).toEqual([os.pf]);
    expect([pf.adapter.name, os.pf.numVfs, os.pf.driver]).toEqual(['pf0', 64, undefined]);
    expect(await os.start()).toBeUndefined();
    await os.stop();
    expect(pf.halts).toBe(1);
  });

  test('gives each of several PFs what it has for itself, and otherwise what all have', () => {
    const [left, right] = [new RecordingPf(), new RecordingPf()];
    const os = createManagementOs({
      pfMiniport: left.factory,
      numVfs: 3,
      configuration: new Map([['Colour', 'red']]),
      pfs: [
        { name: 'left', driver: 'left.ts' },
        { name: 'right', pfMiniport: right.factory, numVfs: 1, configuration: new Map() },
      ],
    });
    expect(os.pfs.map((pf) => [pf.name, pf.driver, pf.numVfs])).toEqual([
      ['left', 'left.ts', 3],
      ['right', undefined, 1],
    ]);
    expect(os.pf).toBe(os.pfNamed('left'));
    expect(os.pfNamed('middle')).toBeUndefined();
    expect(left.adapter.configuration).toEqual(new Map([['Colour', 'red']]));
    expect(right.adapter.configuration).toEqual(new Map());
  });
});
