import { describe, expect, test } from 'vitest';
import { createManagementOs } from '#host/create-management-os.ts';
import { NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES } from '#shared/ndis/miniport-attributes.ts';
import type { VerifierReport } from '#shared/verifier/report.ts';
import { turn } from '#test/kit/world/turn.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';

/** Registers attributes, which is for MiniportInitializeEx alone. */
function breakRule(pf: RecordingPf): void {
  const type = NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES;
  pf.adapter.ndisMSetMiniportAttributes({ type, supportedOidList: [] });
}

describe('createManagementOs', () => {
  test('without any PF, or with two of one name, throws', () => {
    const pfMiniport = new RecordingPf().factory;
    expect(() => createManagementOs({ pfMiniport, pfs: [] })).toThrow('at least one PF');
    const twice = [{ name: 'left' }, { name: 'left' }];
    expect(() => createManagementOs({ pfMiniport, pfs: twice })).toThrow('two PFs are named left');
  });

  test.each(['off', undefined] as const)(
    'with the verifier %s watches nothing',
    async (verifier) => {
      const pf = new RecordingPf();
      const pfMiniport = pf.factory;
      const os = createManagementOs(
        verifier === undefined ? { pfMiniport } : { pfMiniport, verifier },
      );
      await os.start();
      breakRule(pf);
      expect(os.verifier).toBeUndefined();
      await os.stop();
    },
  );

  test('with the verifier fatal stops a PF that breaks a rule, and tells who asks', async () => {
    const pf = new RecordingPf();
    const stopped: VerifierReport[] = [];
    const onStopped = (report: VerifierReport): void => void stopped.push(report);
    const os = createManagementOs({ pfMiniport: pf.factory, verifier: 'fatal', onStopped });
    await os.start();
    breakRule(pf);
    await turn();
    expect(stopped).toMatchObject([{ id: 'attributes.accepted', actor: 'PF miniport pf0' }]);
    expect(os.verifier?.reports).toEqual(stopped);
    await os.stop();
    expect(pf.halts).toBe(1);
  });

  test('with the verifier log has what it found, and goes on', async () => {
    const pf = new RecordingPf();
    const { log, messages } = recordingLog();
    const os = createManagementOs({ pfMiniport: pf.factory, verifier: 'log', log });
    await os.start();
    breakRule(pf);
    breakRule(pf);
    await turn();
    const breach = { id: 'attributes.accepted', actor: 'PF miniport pf0' };
    expect(os.verifier?.counts).toEqual([{ ...breach, count: 2 }]);
    expect(os.verifier?.reports).toMatchObject([
      { ...breach, count: 1 },
      { ...breach, count: 2 },
    ]);
    expect(os.verifier?.summary()).toBe('2 breaches: attributes.accepted 2 by PF miniport pf0');
    expect(messages).toContainEqual(
      expect.stringContaining('verifier: PF miniport pf0 broke attributes.accepted: '),
    );
    expect(pf.halts).toBe(0);
    await os.stop();
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
