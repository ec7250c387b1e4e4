import { describe, expect, test } from 'vitest';
import { FOUND_RULES } from '#cli/docs/verifier-document.ts';
import type { GuestProfile, VfDriver } from '#guest/guest-profile.ts';
import { DeviceObject } from '#guest/io/device-object.ts';
import type { DriverIrp, IoCompletionRoutine } from '#guest/io/driver-irp.ts';
import type { VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { defineVirtualBusDriver } from '#guest/ndis/virtual-bus-driver.ts';
import { NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES } from '#shared/ndis/miniport-attributes.ts';
import { OID } from '#shared/ndis/oid.ts';
import { IRQL, type Irql } from '#shared/nt/irql.ts';
import { NTSTATUS, ntSuccess } from '#shared/nt/ntstatus.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import { LegacyVf } from '#test/support/legacy-vf.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { queryInterface } from '#test/support/vpci-query.ts';
import { linuxReading } from './linux-reading.ts';
import { type Act, type OwnDriver, READ, REFUSED, starting, WRITE } from './own-driver.ts';

const { STATUS_SUCCESS, STATUS_MORE_PROCESSING_REQUIRED } = NTSTATUS;
const { PASSIVE_LEVEL, APC_LEVEL, DISPATCH_LEVEL } = IRQL;

/** A rule with a driver that breaks it, and one that does much the same and keeps it. */
interface Row {
  readonly id: string;
  readonly breaks: VfDriver;
  readonly keeps: VfDriver;
  readonly profile?: GuestProfile;
}

/** A row of drivers that do something in MiniportInitializeEx. */
function row(id: string, breaks: Act, keeps: Act): Row {
  return { id, breaks: starting(breaks), keeps: starting(keeps) };
}

/** A row of drivers that do the same at two levels. */
function levels(id: string, act: Act, tooHigh: Irql, allowed: Irql): Row {
  return row(
    id,
    (driver) => driver.at(tooHigh, () => act(driver)),
    (driver) => driver.at(allowed, () => act(driver)),
  );
}

/** A row of drivers with different completion routines. */
function routines(id: string, breaks: IoCompletionRoutine): Row {
  return row(
    id,
    (driver) => driver.completes(breaks),
    (driver) => driver.completes(() => STATUS_MORE_PROCESSING_REQUIRED),
  );
}

/** The attributes of an ordinary VF miniport. */
function register({ adapter }: OwnDriver): void {
  adapter.ndisMSetMiniportAttributes({
    type: NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
    supportedOidList: [OID.OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK],
  });
}

/** Sends an IRP again and again, while the completion before has some status. */
function resending(mayResend: (irp: DriverIrp) => boolean): Act {
  return (driver) => {
    const routine: IoCompletionRoutine = (irp) => {
      if (mayResend(irp)) driver.sendAgain(irp, routine);
      return STATUS_MORE_PROCESSING_REQUIRED;
    };
    driver.completes(routine);
  };
}

/** Reads a block through the interface. */
async function readVf(driver: OwnDriver, vpci = driver.vpci()): Promise<void> {
  await vpci.readVfConfigBlock(vpci.context, 0, new Uint8Array(4), 4);
}

/** Asks for the interface at a level; the device object was asked for below it. */
function queryingAt(level: Irql): VfDriver {
  return starting((driver) => {
    const { wdm, pdo } = driver;
    driver.at(level, () => queryInterface(wdm, pdo));
  });
}

/** Reads through the interface at a level; the interface was asked for below it. */
function readingAt(level: Irql): VfDriver {
  return starting((driver) => {
    const vpci = driver.vpci();
    return driver.at(level, () => readVf(driver, vpci));
  });
}

/** A VF miniport that reads a block by NDIS as it starts. */
const reading = starting(({ adapter }) => adapter.ndisMReadConfigBlock(0, new Uint8Array(4), 4));

/** A VF miniport of some version of NDIS that issues IOCTL_VPCI_INVALIDATE_BLOCK itself. */
function issuing(
  minorNdisVersion: number,
  habits: Partial<Pick<LegacyVf, 'armsOnce' | 'leavesItPended'>> = {},
): VfDriver {
  const vf = new LegacyVf({ majorNdisVersion: 6, minorNdisVersion });
  return Object.assign(vf, habits).factory;
}

const ROWS: readonly Row[] = [
  row(
    'attributes.accepted',
    (driver) => driver.adapter.ndisQueueIoWorkItem(() => register(driver)),
    register,
  ),
  row(
    'irp.not-the-drivers-own',
    (driver) => {
      const { irp } = driver.allocate(WRITE);
      driver.wdm.ioFreeIrp(irp);
      driver.wdm.ioFreeIrp(irp);
    },
    (driver) => driver.wdm.ioFreeIrp(driver.allocate(WRITE).irp),
  ),
  row(
    'irp.sent-while-pending',
    (driver) => driver.wdm.ioCallDriver(driver.pdo, driver.send(WRITE).irp),
    (driver) => [driver.send(WRITE), driver.send(WRITE)],
  ),
  row(
    'irp.sent-without-reuse',
    (driver) => driver.wdm.ioCallDriver(driver.pdo, driver.send(REFUSED).irp),
    (driver) => driver.sendAgain(driver.send(REFUSED).irp, () => STATUS_MORE_PROCESSING_REQUIRED),
  ),
  row(
    'irp.reused-while-pending',
    (driver) => driver.wdm.ioReuseIrp(driver.send(WRITE).irp, STATUS_SUCCESS),
    (driver) => driver.wdm.ioReuseIrp(driver.send(REFUSED).irp, STATUS_SUCCESS),
  ),
  row(
    'irp.synchronous-is-not-reused',
    (driver) => driver.wdm.ioReuseIrp(driver.synchronous().irp, STATUS_SUCCESS),
    (driver) => driver.wdm.ioReuseIrp(driver.allocate(WRITE).irp, STATUS_SUCCESS),
  ),
  row(
    'irp.freed-while-pending',
    (driver) => driver.wdm.ioFreeIrp(driver.send(WRITE).irp),
    (driver) => driver.wdm.ioFreeIrp(driver.send(REFUSED).irp),
  ),
  row(
    'irp.synchronous-is-not-freed',
    (driver) => driver.wdm.ioFreeIrp(driver.synchronous().irp),
    (driver) => driver.wdm.ioFreeIrp(driver.allocate(WRITE).irp),
  ),
  { id: 'irp.pending-at-halt', breaks: issuing(20, { leavesItPended: true }), keeps: issuing(20) },
  row(
    'irp.malformed',
    (driver) => driver.send({ ...WRITE, inputBufferLength: -1 }),
    (driver) => driver.send({ ...WRITE, inputBufferLength: 0xffff_ffff }),
  ),
  row(
    'irp.output-length',
    (driver) => driver.send({ ...READ, userBuffer: new Uint8Array(5) }),
    (driver) => driver.send({ ...READ, userBuffer: new Uint8Array(4) }),
  ),
  row(
    'irp.no-output',
    (driver) => driver.send({ ...WRITE, userBuffer: new Uint8Array(1) }),
    (driver) => driver.send(WRITE),
  ),
  row(
    'irp.pnp-status',
    ({ wdm, pdo }) => queryInterface(wdm, pdo, { status: STATUS_SUCCESS }),
    ({ wdm, pdo }) => queryInterface(wdm, pdo),
  ),
  row(
    'irp.device-object',
    (driver) => driver.wdm.ioCallDriver(new DeviceObject(), driver.synchronous().irp),
    (driver) => driver.wdm.ioCallDriver(driver.pdo, driver.synchronous().irp),
  ),
  routines('completion.threw', () => {
    throw new Error('the routine failed');
  }),
  routines('completion.not-a-status', () => JSON.parse('null')),
  routines('completion.not-stopped', () => STATUS_SUCCESS),
  {
    id: 'completion.recursion',
    breaks: starting(resending(() => true)),
    keeps: starting(resending(({ ioStatus }) => ntSuccess(ioStatus.status))),
  },
  row(
    'event.not-an-event',
    ({ wdm }) => wdm.keSetEvent(JSON.parse('{}')),
    ({ wdm }) => wdm.keSetEvent(wdm.keInitializeEvent('NotificationEvent', false)),
  ),
  levels(
    'irql.wait',
    ({ wdm }) => wdm.keWaitForSingleObject(wdm.keInitializeEvent('NotificationEvent', true)),
    DISPATCH_LEVEL,
    APC_LEVEL,
  ),
  row(
    'irql.synchronous-irp',
    (driver) =>
      driver.at(DISPATCH_LEVEL, () => expect(() => driver.synchronous()).toThrow('gave none')),
    (driver) => driver.at(APC_LEVEL, () => driver.synchronous()),
  ),
  levels(
    'irql.device-property',
    ({ adapter }) => adapter.ndisMGetDeviceProperty(),
    APC_LEVEL,
    PASSIVE_LEVEL,
  ),
  { id: 'irql.query-interface', breaks: queryingAt(APC_LEVEL), keeps: queryingAt(PASSIVE_LEVEL) },
  { id: 'irql.vpci-routines', breaks: readingAt(DISPATCH_LEVEL), keeps: readingAt(APC_LEVEL) },
  row(
    'interface.context',
    (driver) => readVf(driver, { ...driver.vpci(), context: {} }),
    (driver) => readVf(driver),
  ),
  row(
    'interface.dereferenced',
    async (driver) => {
      const vpci = driver.vpci();
      vpci.interfaceDereference(vpci.context);
      await readVf(driver, vpci);
    },
    async (driver) => {
      const vpci = driver.vpci();
      await readVf(driver, vpci);
      vpci.interfaceDereference(vpci.context);
    },
  ),
  {
    id: 'ndis.invalidate-ioctl',
    breaks: issuing(30, { armsOnce: true }),
    keeps: issuing(20, { armsOnce: true }),
  },
  {
    id: 'ndis.above-a-vbd',
    breaks: defineVirtualBusDriver(
      () => ({}),
      (adapter: VfAdapter) => reading(adapter),
    ),
    keeps: reading,
  },
  {
    id: 'linux.callback-does-not-wait',
    breaks: linuxReading((read) => void read()),
    keeps: linuxReading((read, schedule) => {
      schedule(async () => void (await read()));
    }),
    profile: 'linux',
  },
];

/** A world in which a driver was started, told of block 0 and stopped. */
async function run(driver: VfDriver, profile: GuestProfile = 'windows'): Promise<World> {
  const pf = new RecordingPf();
  const world = await createWorld({ pf: pf.factory, breaks: 'any' });
  const guest = await world.attachGuest(driver, { profile });
  expect(guest.phases).toContain('g1/0 running');
  pf.invalidate(0, 1n);
  await world.settled();
  await world.end();
  return world;
}

describe('of the rules that are held to without the verifier', () => {
  test.each(ROWS)(
    '$id: a driver that breaks it is reported for it, and one that keeps it for nothing',
    async ({ id, breaks, keeps, profile }) => {
      const rule = FOUND_RULES.find((each) => each.id === id);
      const actor = profile === 'linux' ? 'Linux VF driver g1/0' : 'VF miniport g1/0';
      const { reports } = await run(breaks, profile);
      expect(reports).toMatchObject([{ ...rule, actor, severity: 'violation', count: 1 }]);
      expect((await run(keeps, profile)).reports).toEqual([]);
    },
  );

  test('each has its row, and each row its rule', () => {
    expect(ROWS.map(({ id }) => id)).toEqual(FOUND_RULES.map(({ id }) => id));
  });
});
