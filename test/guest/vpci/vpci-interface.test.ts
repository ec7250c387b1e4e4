import { describe, expect, test } from 'vitest';
import type { VpciInterfaceStandard } from '#guest/io/query-interface.ts';
import { IRQL } from '#shared/nt/irql.ts';
import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';
import { turn } from '#test/kit/world/turn.ts';
import { DriverBench } from '#test/support/driver-bench.ts';
import { hex } from '#test/support/hex.ts';
import { queryInterface } from '#test/support/vpci-query.ts';

const {
  STATUS_SUCCESS,
  STATUS_UNSUCCESSFUL,
  STATUS_INVALID_PARAMETER,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_BUFFER_TOO_SMALL,
  STATUS_DEVICE_NOT_CONNECTED,
} = NTSTATUS;

/** A driver of a VF that has the interface. */
class InterfaceBench extends DriverBench {
  readonly vpciInterface: VpciInterfaceStandard = this.query();

  query(): VpciInterfaceStandard {
    const { interface: found } = queryInterface(this.wdm, this.pdo).queryInterface ?? {};
    if (found === undefined) throw new Error('there is no interface');
    this.vpci.events.length = 0;
    return found;
  }

  read(blockId: number, buffer: Uint8Array, length = buffer.byteLength): Promise<NtStatus> {
    const { readVfConfigBlock, context } = this.vpciInterface;
    return readVfConfigBlock(context, blockId, buffer, length);
  }

  write(blockId: number, buffer: Uint8Array, length = buffer.byteLength): Promise<NtStatus> {
    const { writeVfConfigBlock, context } = this.vpciInterface;
    return writeVfConfigBlock(context, blockId, buffer, length);
  }
}

type Routine = 'read' | 'write';
const ROUTINES: readonly Routine[] = ['read', 'write'];

describe.each(ROUTINES)('the routine of the interface that does a %s', (routine) => {
  test.each<[string, unknown, unknown, unknown, NtStatus]>([
    ['Length 0', 5, new Uint8Array(4), 0, STATUS_INVALID_PARAMETER],
    ['Length 129', 5, new Uint8Array(129), 129, STATUS_INVALID_PARAMETER],
    ['a Length of -1', 5, new Uint8Array(4), -1, STATUS_INVALID_PARAMETER],
    ['a Length that is no integer', 5, new Uint8Array(4), 1.5, STATUS_INVALID_PARAMETER],
    ['a BlockId of 2^32', 2 ** 32, new Uint8Array(4), 4, STATUS_INVALID_PARAMETER],
    ['a proxy of a buffer', 5, new Proxy(new Uint8Array(4), {}), 4, STATUS_INVALID_PARAMETER],
    ['Buffer NULL', 5, undefined, 4, STATUS_INVALID_PARAMETER],
    ['a Length beyond the buffer', 5, new Uint8Array(4), 5, STATUS_BUFFER_TOO_SMALL],
  ])('refuses %s, and sends nothing', async (_what, blockId, buffer, length, status) => {
    const bench = new InterfaceBench();
    const { context } = bench.vpciInterface;
    const args = [context, blockId, buffer, length] as Parameters<
      VpciInterfaceStandard['readVfConfigBlock']
    >;
    const call = routine === 'read' ? 'readVfConfigBlock' : 'writeVfConfigBlock';
    expect(await bench.vpciInterface[call](...args)).toBe(status);
    expect(bench.vpci.host.received).toEqual([]);
    expect(bench.broken).toEqual([]);
  });

  test.each([STATUS_INVALID_PARAMETER, NTSTATUS.STATUS_NDIS_INVALID_LENGTH, 0xc0011234])(
    'returns the failure of the PF, 0x%x, as it is',
    async (status) => {
      const bench = new InterfaceBench();
      const returned = bench[routine](5, new Uint8Array(4));
      bench.vpci.host.complete(1, { status });
      expect(await returned).toBe(status);
    },
  );

  test('at DISPATCH_LEVEL is reported, and reaches nobody [irql.vpci-routines] [contradiction.write-routine-irql]', async () => {
    const bench = new InterfaceBench();
    bench.irql.set(IRQL.DISPATCH_LEVEL);
    expect(await bench[routine](5, new Uint8Array(4))).toBe(STATUS_INVALID_DEVICE_REQUEST);
    expect(bench.violations).toMatchObject([
      { rule: 'irql.vpci-routines', found: 'it was at DISPATCH_LEVEL' },
    ]);
    expect(bench.vpci.host.received).toEqual([]);
  });

  test('at APC_LEVEL is allowed [irql.vpci-routines]', async () => {
    const bench = new InterfaceBench();
    bench.irql.set(IRQL.APC_LEVEL);
    void bench[routine](5, new Uint8Array(4));
    await turn();
    expect(bench.vpci.host.received).toHaveLength(1);
    expect(bench.broken).toEqual([]);
  });

  test('after the removal of the device is STATUS_DEVICE_NOT_CONNECTED [vpci-interface.removed]', async () => {
    const bench = new InterfaceBench();
    const waiting = bench[routine](5, new Uint8Array(4));
    bench.vpci.host.close();
    expect(await waiting).toBe(STATUS_DEVICE_NOT_CONNECTED);
    expect(await bench[routine](5, new Uint8Array(4))).toBe(STATUS_DEVICE_NOT_CONNECTED);
  });

  test('after the last InterfaceDereference is reported, and fails [vpci-interface.references]', async () => {
    const bench = new InterfaceBench();
    const { context, interfaceReference, interfaceDereference } = bench.vpciInterface;
    interfaceReference(context);
    interfaceDereference(context);
    void bench[routine](5, new Uint8Array(4));
    expect(bench.broken).toEqual([]);
    interfaceDereference(context);
    expect(await bench[routine](5, new Uint8Array(4))).toBe(STATUS_INVALID_DEVICE_REQUEST);
    interfaceReference(context);
    interfaceDereference(context);
    expect(await bench[routine](5, new Uint8Array(4))).toBe(STATUS_INVALID_DEVICE_REQUEST);
    expect(bench.violations.map(({ rule, name }) => `${rule} ${name}`).slice(1, 3)).toEqual([
      'interface.dereferenced InterfaceReference',
      'interface.dereferenced InterfaceDereference',
    ]);
    await turn();
    expect(bench.vpci.host.received).toHaveLength(1);
  });

  test('with the Context of another interface is reported, and fails', async () => {
    const bench = new InterfaceBench();
    const first = bench.vpciInterface;
    const second = bench.query();
    const call = routine === 'read' ? 'readVfConfigBlock' : 'writeVfConfigBlock';
    expect(await second[call](first.context, 5, new Uint8Array(4), 4)).toBe(
      STATUS_INVALID_PARAMETER,
    );
    expect(bench.broken).toEqual(['interface.context']);
  });

  test('of one interface works on though another has been dereferenced', async () => {
    const bench = new InterfaceBench();
    const other = bench.query();
    other.interfaceDereference(other.context);
    const returned = bench[routine](5, new Uint8Array(4));
    bench.vpci.host.complete(1, { status: 0, ...(routine === 'read' ? { bytes: 'ESI=' } : {}) });
    expect(await returned).toBe(STATUS_SUCCESS);
  });
});

describe('ReadVfConfigBlock', () => {
  test('that succeeds without data is a failure', async () => {
    const bench = new InterfaceBench();
    const returned = bench.read(5, new Uint8Array(4));
    bench.vpci.host.complete(1, { status: 0 });
    expect(await returned).toBe(STATUS_UNSUCCESSFUL);
  });

  test('takes the path of IOCTL_VPCI_READ_BLOCK, and returns when that is completed [read.routine-shares-the-path]', async () => {
    const bench = new InterfaceBench();
    const buffer = new Uint8Array(4);
    let returned: NtStatus | undefined;
    void bench.read(0xffff_ffff, buffer, 3).then((status) => {
      returned = status;
    });
    await turn();
    expect(returned).toBeUndefined();
    expect(bench.vpci.host.received.map(({ message }) => message)).toEqual([
      { type: 'READ_BLOCK', blockId: 0xffff_ffff, slot: 0, bytesRequested: 3 },
    ]);
    bench.vpci.host.complete(1, { status: 0, bytes: 'ESIz' });
    await turn();
    expect(returned).toBe(STATUS_SUCCESS);
    expect(hex(buffer)).toBe('11 22 33 00');
    expect(bench.vpci.events.map(({ hop, name }) => `${hop} ${name}`)).toEqual([
      'readVfConfigBlock ReadVfConfigBlock',
      'guestPacketSent READ_BLOCK',
      'hostCompletionReceived READ_BLOCK',
      'vfIoCompleteRequest IOCTL_VPCI_READ_BLOCK',
      'readVfConfigBlockReturn ReadVfConfigBlock',
    ]);
    expect(bench.vpci.events.at(-1)).toMatchObject({ blockId: 0xffff_ffff, length: 3, status: 0 });
  });
});

describe('WriteVfConfigBlock', () => {
  test('takes the path of IOCTL_VPCI_WRITE_BLOCK with the bytes of now, and returns when that is completed [write.routine-shares-the-path]', async () => {
    const bench = new InterfaceBench();
    const data = Uint8Array.of(0x11, 0x22, 0x33);
    const returned = bench.write(64, data, 2);
    data.fill(0);
    await turn();
    expect(bench.vpci.host.received.map(({ message }) => message)).toEqual([
      { type: 'WRITE_BLOCK', blockId: 64, slot: 0, byteCount: 2, bytes: 'ESI=' },
    ]);
    bench.vpci.host.complete(1, { status: 0 });
    expect(await returned).toBe(STATUS_SUCCESS);
    expect(bench.vpci.events.at(-1)).toMatchObject({
      hop: 'writeVfConfigBlockReturn',
      blockId: 64,
      length: 2,
      status: 0,
    });
  });
});
