import { describe, expect, test } from 'vitest';
import type { VfMiniportFactory } from '#guest/ndis/vf-miniport.ts';
import { defineVirtualBusDriver } from '#guest/ndis/virtual-bus-driver.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import nullVf from '#guest/vf-miniport/null.ts';
import referenceVf from '#guest/vf-miniport/reference/index.ts';
import type { PfMiniport, PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import nullPf from '#host/pf-miniport/null.ts';
import referencePf from '#host/pf-miniport/reference/index.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { BLOCK_SIZE, REFERENCE_NIC_BLOCK } from '#shared/reference-nic/block.ts';
import { LegacyVf } from '#test/support/legacy-vf.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';
import { queryInterface } from '#test/support/vpci-query.ts';
import { ContractError, pfMiniportContract, vfMiniportContract } from '#test/testing.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE, NDIS_STATUS_PENDING } = NDIS_STATUS;

const READABLE = {
  readableBlock: { blockId: 5, length: 16 },
  writableBlock: { blockId: 5, data: new Uint8Array(16).fill(0xaa) },
  patienceMs: 10,
};

/** The rules that a contract says are broken, with how. */
async function brokenRules(contract: Promise<unknown>): Promise<Record<string, string>> {
  try {
    await contract;
    return {};
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return Object.fromEntries(error.report.broken.map(({ rule, why }) => [rule, why]));
  }
}

describe('the contract of a PF miniport is kept', () => {
  test('by the null miniport', async () => {
    const report = await pfMiniportContract(nullPf, { unknownBlock: 0 });
    expect(report.broken).toEqual([]);
    expect(report.kept.length).toBeGreaterThan(10);
  });

  test('by the helper in terms of blocks, asked at once, by promise, or left pending', async () => {
    for (const how of ['at once', 'promise', 'pending'] as const) {
      const factory: PfMiniportFactory = (adapter) => {
        const pf = new RecordingPf();
        const ordinary = pf.factory(adapter);
        return {
          ...ordinary,
          miniportOidRequest(request) {
            if (how === 'at once') return ordinary.miniportOidRequest(request);
            if (how === 'promise') return Promise.resolve(ordinary.miniportOidRequest(request));
            const work = async (): Promise<void> => {
              adapter.ndisMOidRequestComplete(request, await ordinary.miniportOidRequest(request));
            };
            adapter.clock.setTimer(100, () => adapter.ndisQueueIoWorkItem(work));
            return NDIS_STATUS_PENDING;
          },
        };
      };
      expect(await brokenRules(pfMiniportContract(factory, READABLE)), how).toEqual({});
    }
  });

  test('by the reference NIC', async () => {
    const { portAttributes: blockId } = REFERENCE_NIC_BLOCK;
    const options = { readableBlock: { blockId, length: BLOCK_SIZE }, unknownBlock: 63 };
    expect(await brokenRules(pfMiniportContract(referencePf, options))).toEqual({});
  });
});

/** A PF miniport that does one thing differently. */
function pfThat(
  change: (miniport: PfMiniport, ...args: Parameters<PfMiniportFactory>) => Partial<PfMiniport>,
): PfMiniportFactory {
  return (adapter) => {
    const miniport = new RecordingPf().factory(adapter);
    return { ...miniport, ...change(miniport, adapter) };
  };
}

describe('the contract of a PF miniport is broken', () => {
  test.each<[string, PfMiniportFactory, RegExp]>([
    [
      'succeeds with an OID that it does not know',
      pfThat((miniport) => ({
        miniportOidRequest: (request) => {
          const known: readonly number[] = Object.values(OID);
          return known.includes(request.oid)
            ? miniport.miniportOidRequest(request)
            : NDIS_STATUS_SUCCESS;
        },
      })),
      /does not know is NDIS_STATUS_NOT_SUPPORTED/,
    ],
    [
      'answers for a VF that is not allocated',
      pfThat((miniport) => ({
        miniportOidRequest: (request) => {
          if (request.oid !== OID.OID_SRIOV_READ_VF_CONFIG_BLOCK)
            return miniport.miniportOidRequest(request);
          request.bytesWritten = request.outputBufferLength;
          return NDIS_STATUS_SUCCESS;
        },
      })),
      /only of a VF that is allocated/,
    ],
    [
      'forgets BytesNeeded',
      pfThat((miniport) => ({
        miniportOidRequest: (request) => {
          const answer = miniport.miniportOidRequest(request);
          request.bytesNeeded = 0;
          return answer;
        },
      })),
      /too short is NDIS_STATUS_INVALID_LENGTH/,
    ],
    [
      'completes and returns a status as well',
      pfThat((miniport, adapter) => ({
        miniportOidRequest: (request) => {
          const answer = miniport.miniportOidRequest(request);
          if (typeof answer === 'number') adapter.ndisMOidRequestComplete(request, answer);
          return answer;
        },
      })),
      /rules of what it calls/,
    ],
    [
      'throws',
      pfThat((miniport) => ({
        miniportOidRequest: (request) => {
          if (request.oid === OID.OID_SRIOV_RESET_VF) throw new Error('broken');
          return miniport.miniportOidRequest(request);
        },
      })),
      /can be reset/,
    ],
    [
      'never completes',
      pfThat((miniport) => ({
        miniportOidRequest: (request) =>
          request.oid === OID.OID_SRIOV_RESET_VF
            ? NDIS_STATUS_PENDING
            : miniport.miniportOidRequest(request),
      })),
      /can be reset/,
    ],
    [
      'writes behind the buffer',
      pfThat((miniport) => ({
        miniportOidRequest: (request) => {
          const answer = miniport.miniportOidRequest(request);
          if (request.oid === OID.OID_SRIOV_READ_VF_CONFIG_BLOCK) request.informationBuffer[36] = 1;
          return answer;
        },
      })),
      /writes nowhere else/,
    ],
    [
      'keeps a timer after its halt',
      pfThat((_miniport, adapter) => ({
        miniportHaltEx: () => void adapter.clock.setTimer(1, () => {}),
      })),
      /has no timer/,
    ],
    [
      'invalidates after its halt',
      pfThat((_miniport, adapter) => ({
        miniportHaltEx: () => {
          queueMicrotask(() =>
            queueMicrotask(() =>
              adapter.clock.setTimer(1, () => adapter.ndisMInvalidateConfigBlock(0, 1n)),
            ),
          );
        },
      })),
      /has no timer|rules of what it calls/,
    ],
    [
      'invalidates a VF that is not allocated',
      pfThat((miniport, adapter) => ({
        miniportOidRequest: (request) => {
          if (request.oid === OID.OID_NIC_SWITCH_CREATE_SWITCH)
            adapter.ndisMInvalidateConfigBlock(0, 1n);
          return miniport.miniportOidRequest(request);
        },
      })),
      /rules of what it calls/,
    ],
    [
      'leaves the blocks of a VF to the next one',
      (adapter) => {
        let content: Uint8Array = new Uint8Array(16);
        const pf = new RecordingPf({
          readBlock: () => content,
          writeBlock: (_vfId, _blockId, data) => {
            content = data;
            return NDIS_STATUS_SUCCESS;
          },
        });
        return pf.factory(adapter);
      },
      /finds nothing of it/,
    ],
  ])('when it %s', async (_what, factory, rule) => {
    const broken = await brokenRules(pfMiniportContract(factory, READABLE));
    expect(Object.keys(broken).join('\n')).toMatch(rule);
  });

  test('when it does not start: every rule that needs it says why', async () => {
    const factory: PfMiniportFactory = () => ({
      miniportInitializeEx: () => NDIS_STATUS_FAILURE,
      miniportOidRequest: () => NDIS_STATUS_FAILURE,
    });
    const broken = Object.values(await brokenRules(pfMiniportContract(factory)));
    expect(broken.length).toBeGreaterThan(5);
    for (const why of broken) expect(why).toContain('MiniportInitializeEx returned');
  });

  test('and the error lists every broken rule', async () => {
    const factory = pfThat(() => ({
      miniportOidRequest: () => {
        throw new Error('broken');
      },
    }));
    await expect(pfMiniportContract(factory)).rejects.toThrow(
      /contract is broken in \d+ of \d+ rules:\n {2}- /,
    );
  });
});

const NDIS_6_20 = { majorNdisVersion: 6, minorNdisVersion: 20 };

const newLegacyVf: VfMiniportFactory = (adapter) => new LegacyVf(NDIS_6_20).factory(adapter);

const vbdVf = defineVirtualBusDriver(
  (device) => {
    const { interface: vpci } =
      queryInterface(device.wdm, device.physicalDeviceObject).queryInterface ?? {};
    return {
      removeDevice: () => vpci?.interfaceDereference(vpci.context),
      readBlock: async () => {
        await vpci?.readVfConfigBlock(vpci.context, 0, new Uint8Array(1), 1);
      },
    };
  },
  (_adapter, busDriver) => configBlockVf({ invalidated: () => busDriver.readBlock() }),
);

describe('the contract of a VF miniport is kept', () => {
  test('by the null miniport', async () => {
    const report = await vfMiniportContract(nullVf);
    expect(report.broken).toEqual([]);
    expect(report.kept.length).toBeGreaterThan(8);
  });

  test('by the helper in terms of blocks, with a driver that reads', async () => {
    const vf = new RecordingVf({
      initialize: async (each) =>
        (await each.read(0, 128)) instanceof Uint8Array ? NDIS_STATUS_SUCCESS : NDIS_STATUS_FAILURE,
      invalidated: async (each) => {
        await each.read(0, 128);
      },
    });
    expect(await brokenRules(vfMiniportContract(vf.factory))).toEqual({});
  });

  test('by a driver from before NDIS 6.30, which issues IOCTL_VPCI_INVALIDATE_BLOCK itself', async () => {
    const report = await vfMiniportContract(newLegacyVf);
    expect(report.broken).toEqual([]);
    expect(report.kept).toContainEqual(expect.stringContaining('IOCTL_VPCI_INVALIDATE_BLOCK'));
  });

  test('by a driver above a virtual bus driver, which reads for it', async () => {
    expect(await brokenRules(vfMiniportContract(vbdVf))).toEqual({});
  });

  test('by the reference NIC, with the PF of the reference NIC', async () => {
    expect(await brokenRules(vfMiniportContract(referenceVf, { pf: referencePf }))).toEqual({});
  });
});

describe('the contract of a VF miniport is broken', () => {
  test.each<[string, VfMiniportFactory, RegExp]>([
    [
      'leaves its IOCTL_VPCI_INVALIDATE_BLOCK pended',
      (adapter) => {
        const vf = new LegacyVf(NDIS_6_20);
        vf.leavesItPended = true;
        return vf.factory(adapter);
      },
      /rules of what it calls/,
    ],
    [
      'issues no second IOCTL_VPCI_INVALIDATE_BLOCK',
      (adapter) => {
        const vf = new LegacyVf(NDIS_6_20);
        vf.armsOnce = true;
        return vf.factory(adapter);
      },
      /issues another after each/,
    ],
    [
      'reads through NDIS above a virtual bus driver',
      (adapter) => ({
        ...configBlockVf({
          invalidated: async () => {
            await adapter.ndisMReadConfigBlock(0, new Uint8Array(1), 1);
          },
        }),
        isAboveVirtualBusDriver: true,
      }),
      /rules of what it calls/,
    ],
    [
      'reads 129 bytes',
      (adapter) =>
        configBlockVf({
          invalidated: async () => {
            await adapter.ndisMReadConfigBlock(0, new Uint8Array(129), 129);
          },
        }),
      /rules of what it calls/,
    ],
    [
      'reads into a buffer that is too small',
      (adapter) =>
        configBlockVf({
          invalidated: async () => {
            await adapter.ndisMReadConfigBlock(0, new Uint8Array(1), 2).catch(() => {});
          },
        }),
      /rules of what it calls/,
    ],
    [
      'fails when blocks change that it does not know',
      () =>
        configBlockVf({
          invalidated: (blocks) => {
            if (blocks.includes(63)) throw new Error('unknown block');
          },
        }),
      /of any block succeeds/,
    ],
    [
      'waits for ever when a read fails',
      (adapter) =>
        configBlockVf({
          invalidated: async () => {
            if ((await adapter.ndisMReadConfigBlock(0, new Uint8Array(1), 1)) !== 0)
              await new Promise(() => {});
          },
        }),
      /completed though no read/,
    ],
    [
      'keeps a timer after its halt',
      (adapter) =>
        configBlockVf({
          invalidated: () => {},
          initialize: () => {
            adapter.clock.setTimer(1_000_000, () => {});
            return NDIS_STATUS_SUCCESS;
          },
        }),
      /NdisHaltDeviceDisabled\) it has no timer/,
    ],
    [
      'does not start',
      () => configBlockVf({ invalidated: () => {}, initialize: () => NDIS_STATUS_FAILURE }),
      /^it starts/,
    ],
    [
      'never returns from its halt',
      () => configBlockVf({ invalidated: () => {}, halt: () => new Promise<void>(() => {}) }),
      /MiniportHaltEx/,
    ],
  ])('when it %s', async (_what, factory, rule) => {
    const broken = await brokenRules(vfMiniportContract(factory, { patienceMs: 10 }));
    expect(Object.keys(broken).join('\n')).toMatch(rule);
  });
});
