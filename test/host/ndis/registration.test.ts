import { describe, expect, test } from 'vitest';
import type { PfAdapter } from '#host/ndis/pf-miniport.ts';
import {
  allocateVf,
  createSwitch,
  freeVf,
  readVfConfigBlock,
  resetVf,
  writeVfConfigBlock,
} from '#host/virtualization-stack/vf-oids.ts';
import {
  NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
  NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES,
} from '#shared/ndis/miniport-attributes.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID, type Oid } from '#shared/ndis/oid.ts';
import {
  methodRequest,
  type OidRequestParameters,
  queryRequest,
  setRequest,
} from '#shared/ndis/oid-request.ts';
import { newSriovCapabilities } from '#shared/ndis/sriov-capabilities.ts';
import { hex } from '#test/support/hex.ts';
import { ORIGIN, PfNdisBench, VF } from '#test/support/pf-ndis-bench.ts';

const {
  NDIS_STATUS_SUCCESS,
  NDIS_STATUS_FAILURE,
  NDIS_STATUS_INVALID_LENGTH,
  NDIS_STATUS_NOT_SUPPORTED,
} = NDIS_STATUS;

const EMPTY = new Uint8Array();
const READ = readVfConfigBlock(0, 5, 4, ORIGIN, 0);
const WRITE = writeVfConfigBlock(0, 5, new Uint8Array(4), ORIGIN, 0);

/** A bench whose PF miniport does this in MiniportInitializeEx. */
function initializing(initialize: (adapter: PfAdapter) => NdisStatus): PfNdisBench {
  return new PfNdisBench(undefined, (miniport) => ({
    ...miniport,
    miniportInitializeEx: initialize,
  }));
}

function registerSriov(adapter: PfAdapter, hardware: number, current: number | null): NdisStatus {
  return adapter.ndisMSetMiniportAttributes({
    type: NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES,
    hardwareSriovCapabilities: newSriovCapabilities(hardware),
    currentSriovCapabilities: current === null ? null : newSriovCapabilities(current),
  });
}

const query = (oid: Oid, size: number) => queryRequest(oid, new Uint8Array(size));

describe('the start of a PF miniport whose attributes are refused', () => {
  test('fails by name, and the miniport that started all the same is halted [bring-up.refused-attributes]', async () => {
    const bench = initializing((adapter) => {
      registerSriov(adapter, 7, 7);
      return NDIS_STATUS_SUCCESS;
    });
    const why = await bench.ndis.initialize();
    expect(why).toContain('NdisMSetMiniportAttributes was refused');
    expect(why).toContain('NDIS_SRIOV_CAPS_PF_MINIPORT | NDIS_SRIOV_CAPS_VF_MINIPORT (7)');
    expect(bench.pf.halts).toBe(1);
    expect(bench.log.messages).toEqual([why]);
    expect(bench.events.find(({ hop }) => hop === 'pfContractViolated')).toMatchObject({
      name: 'NdisMSetMiniportAttributes',
      note: why,
    });
  });

  test('fails with the status that the miniport makes of it, and halts nothing', async () => {
    const bench = initializing((adapter) => registerSriov(adapter, 5, 5));
    expect(await bench.ndis.initialize()).toBe(
      'MiniportInitializeEx returned NDIS_STATUS_INVALID_PARAMETER',
    );
    expect(bench.pf.halts).toBe(0);
  });

  test('is not failed by a call that came too late', async () => {
    const bench = new PfNdisBench();
    expect(await bench.ndis.initialize()).toBeUndefined();
    expect(registerSriov(bench.pf.adapter, 3, null)).toBe(NDIS_STATUS_FAILURE);
    expect(bench.ndis.sriovDisabled).toBeUndefined();
  });
});

describe('an OID that is missing in SupportedOidList of a PF', () => {
  test('is not issued: NDIS_STATUS_NOT_SUPPORTED, and the handler is not called [oids.supported-oid-list]', async () => {
    const bench = initializing((adapter) => {
      adapter.ndisMSetMiniportAttributes({
        type: NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
        supportedOidList: [OID.OID_NIC_SWITCH_CREATE_SWITCH],
      });
      return registerSriov(adapter, 3, 3);
    });
    await bench.ndis.initialize();
    expect((await bench.issue(resetVf(0, ORIGIN))).status).toBe(NDIS_STATUS_NOT_SUPPORTED);
    expect((await bench.issue(createSwitch(1))).status).toBe(NDIS_STATUS_SUCCESS);
    expect(bench.pf.oids).toEqual(['OID_NIC_SWITCH_CREATE_SWITCH']);
  });

  test('may be one of blocks: the miniport starts, and no VF reads or writes [oids.block-oids-missing]', async () => {
    const bench = initializing((adapter) => {
      adapter.ndisMSetMiniportAttributes({
        type: NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
        supportedOidList: [OID.OID_NIC_SWITCH_CREATE_SWITCH, OID.OID_NIC_SWITCH_ALLOCATE_VF],
      });
      return registerSriov(adapter, 3, 3);
    });
    expect(await bench.ndis.initialize()).toBeUndefined();
    await bench.allocated();
    for (const parameters of [READ, WRITE]) {
      expect((await bench.issue(parameters)).status).toBe(NDIS_STATUS_NOT_SUPPORTED);
    }
    expect(bench.pf.oids).toEqual([]);
  });
});

describe('the capabilities that NDIS tells of a PF', () => {
  test.each([OID.OID_SRIOV_HARDWARE_CAPABILITIES, OID.OID_SRIOV_CURRENT_CAPABILITIES])(
    'of a driver that registers nothing are none: NDIS_STATUS_NOT_SUPPORTED [bring-up.registers-nothing]',
    async (oid) => {
      const bench = new PfNdisBench();
      await bench.ndis.initialize();
      expect((await bench.issue(query(oid, 12))).status).toBe(NDIS_STATUS_NOT_SUPPORTED);
      expect(bench.pf.oids).toEqual([]);
    },
  );

  test.each([OID.OID_SRIOV_HARDWARE_CAPABILITIES, OID.OID_SRIOV_CURRENT_CAPABILITIES])(
    'are what it registered [oids.hardware-capabilities] [oids.current-capabilities] [actors.host-ndis-answers-queries]',
    async (oid) => {
      const bench = initializing((adapter) => registerSriov(adapter, 3, 3));
      await bench.ndis.initialize();
      const short = await bench.issue(query(oid, 11));
      expect(short.status).toBe(NDIS_STATUS_INVALID_LENGTH);
      expect(short.request).toMatchObject({ bytesNeeded: 12, bytesWritten: 0 });
      const { status, request } = await bench.issue(query(oid, 12));
      expect(status).toBe(NDIS_STATUS_SUCCESS);
      expect(request.bytesWritten).toBe(12);
      expect(hex(request.informationBuffer)).toBe('80 01 0C 00 00 00 00 00 03 00 00 00');
      expect(bench.pf.oids).toEqual([]);
    },
  );

  test('while SR-IOV is disabled are those of the hardware, and NDIS tells nothing else [oids.hardware-capabilities] [oids.current-capabilities]', async () => {
    const bench = initializing((adapter) => registerSriov(adapter, 3, null));
    expect(await bench.ndis.initialize()).toBeUndefined();
    const hardware = await bench.issue(query(OID.OID_SRIOV_HARDWARE_CAPABILITIES, 12));
    expect(hardware.status).toBe(NDIS_STATUS_SUCCESS);
    for (const parameters of [
      query(OID.OID_SRIOV_CURRENT_CAPABILITIES, 12),
      query(OID.OID_SRIOV_PF_LUID, 12),
      query(OID.OID_NIC_SWITCH_ENUM_SWITCHES, 16),
      methodRequest(OID.OID_NIC_SWITCH_ENUM_VFS, new Uint8Array(24)),
      methodRequest(OID.OID_NIC_SWITCH_VF_PARAMETERS, new Uint8Array(1632)),
    ]) {
      expect((await bench.issue(parameters)).status).toBe(NDIS_STATUS_NOT_SUPPORTED);
    }
    expect(bench.pf.oids).toEqual([]);
  });
});

describe('an OID request to a PF whose SR-IOV is not enabled', () => {
  test.each<[string, OidRequestParameters]>([
    ['OID_SRIOV_READ_VF_CONFIG_BLOCK', READ],
    ['OID_SRIOV_WRITE_VF_CONFIG_BLOCK', WRITE],
    ['OID_NIC_SWITCH_CREATE_SWITCH', createSwitch(1)],
    ['OID_NIC_SWITCH_ALLOCATE_VF', allocateVf(VF, ORIGIN)],
    ['OID_NIC_SWITCH_FREE_VF', freeVf(0, ORIGIN)],
    ['OID_NIC_SWITCH_FREE_VF without its structure', setRequest(OID.OID_NIC_SWITCH_FREE_VF, EMPTY)],
    ['OID_SRIOV_RESET_VF', resetVf(0, ORIGIN)],
    ['OID_SRIOV_CONFIG_STATE', setRequest(0x00010261, EMPTY)],
  ])(
    '%s is NDIS_STATUS_NOT_SUPPORTED, and the miniport is not asked [pf-oid.not-supported] [bring-up.sriov-disabled]',
    async (_oid, parameters) => {
      const bench = initializing((adapter) => registerSriov(adapter, 3, null));
      expect(await bench.ndis.initialize()).toBeUndefined();
      const { status, request } = await bench.issue(parameters);
      expect(status).toBe(NDIS_STATUS_NOT_SUPPORTED);
      expect(request).toMatchObject({ bytesNeeded: 0, bytesRead: 0, bytesWritten: 0 });
      expect(bench.pf.oids).toEqual([]);
    },
  );

  test("is the miniport's when it is of neither SR-IOV nor the NIC switch", async () => {
    const bench = initializing((adapter) => registerSriov(adapter, 3, null));
    await bench.ndis.initialize();
    const statusOf = async (oid: Oid) => (await bench.issue(setRequest(oid, EMPTY))).status;
    bench.pf.intercept = () => NDIS_STATUS_SUCCESS;
    expect(await statusOf(OID.OID_PNP_SET_POWER)).toBe(NDIS_STATUS_SUCCESS);
    expect(await statusOf(0x00010236)).toBe(NDIS_STATUS_SUCCESS);
    expect(await statusOf(0x0001026a)).toBe(NDIS_STATUS_SUCCESS);
  });
});
