import { describe, expect, test } from 'vitest';
import { IRP_MJ_PNP } from '#guest/io/irp.ts';
import {
  GUID_VPCI_INTERFACE_STANDARD,
  SIZEOF_VPCI_INTERFACE_STANDARD,
  VPCI_INTERFACE_STANDARD_OFFSETS,
} from '#guest/io/query-interface.ts';
import { IRQL } from '#shared/nt/irql.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { DriverBench } from '#test/support/driver-bench.ts';
import { type Queried, type Query, queryInterface } from '#test/support/vpci-query.ts';

const {
  STATUS_SUCCESS,
  STATUS_INVALID_PARAMETER,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_BUFFER_TOO_SMALL,
  STATUS_DEVICE_NOT_CONNECTED,
  STATUS_NOT_SUPPORTED,
} = NTSTATUS;

function query(bench: DriverBench, parameters: Query = {}): Queried {
  return queryInterface(bench.wdm, bench.pdo, parameters);
}

describe('VPCI_INTERFACE_STANDARD', () => {
  test('has its documented GUID, major function and layout [constants.guid-vpci-interface-standard] [constants.irp-mj-pnp] [layout.vpci-interface-standard]', () => {
    expect(GUID_VPCI_INTERFACE_STANDARD).toBe('12E65E71-B651-4067-831A-1383203CB0CB');
    expect(IRP_MJ_PNP).toBe(0x1b);
    expect(SIZEOF_VPCI_INTERFACE_STANDARD).toBe(56);
    expect(Object.entries(VPCI_INTERFACE_STANDARD_OFFSETS)).toEqual([
      ['size', 0],
      ['version', 2],
      ['context', 8],
      ['interfaceReference', 16],
      ['interfaceDereference', 24],
      ['writeVfConfigBlock', 32],
      ['readVfConfigBlock', 40],
      ['serialNumber', 48],
    ]);
  });
});

describe('IRP_MN_QUERY_INTERFACE', () => {
  test.each<[string, Query, number]>([
    [
      'an interface that the VPCI driver does not have',
      { interfaceType: 'C066F39A-DE00-4667-8941-3368ED5D83B5' },
      STATUS_NOT_SUPPORTED,
    ],
    ['a version before the first', { version: 0 }, STATUS_NOT_SUPPORTED],
    ['a structure of 55 bytes', { size: 55 }, STATUS_BUFFER_TOO_SMALL],
    ['Parameters.QueryInterface NULL', { isEmpty: true }, STATUS_INVALID_PARAMETER],
  ])('for %s gives none [vpci-interface.refused]', (_what, parameters, status) => {
    const bench = new DriverBench();
    const queried = query(bench, parameters);
    expect(queried.returned).toBe(status);
    expect(queried.ioStatus).toEqual({ status, information: 0 });
    expect(queried.queryInterface?.interface).toBeUndefined();
    expect(bench.broken).toEqual([]);
  });

  test('to a removed device is STATUS_DEVICE_NOT_CONNECTED', () => {
    const bench = new DriverBench();
    bench.vpci.driver.remove();
    const queried = query(bench);
    expect(queried.ioStatus).toEqual({ status: STATUS_DEVICE_NOT_CONNECTED, information: 0 });
    expect(queried.queryInterface?.interface).toBeUndefined();
  });

  test.each(['APC_LEVEL', 'DISPATCH_LEVEL'] as const)(
    'at %s is reported and not sent [irql.query-interface]',
    (level) => {
      const bench = new DriverBench();
      bench.irql.set(IRQL[level]);
      const queried = query(bench);
      expect(queried.returned).toBe(STATUS_INVALID_DEVICE_REQUEST);
      expect(queried.queryInterface?.interface).toBeUndefined();
      expect(bench.violations).toEqual([
        { rule: 'irql.query-interface', name: 'IoCallDriver', found: `it was at ${level}` },
      ]);
      expect(bench.vpci.events).toEqual([]);
    },
  );

  test('with another IoStatus.Status than STATUS_NOT_SUPPORTED is reported', () => {
    const bench = new DriverBench();
    const other = { interfaceType: '00000000-0000-0000-0000-000000000000' };
    expect(query(bench, { status: STATUS_SUCCESS, ...other }).returned).toBe(STATUS_NOT_SUPPORTED);
    expect(bench.broken).toEqual(['irp.pnp-status']);
  });

  test('has the interface in the order of its members, referenced, with the serial number of the VF [actors.vpci-answers-query-interface] [layout.vpci-interface-standard]', () => {
    const bench = new DriverBench();
    bench.vpci.driver.serialNumber = 7;
    const { returned, ioStatus, queryInterface: answered } = query(bench);
    expect(returned).toBe(STATUS_SUCCESS);
    expect(ioStatus).toEqual({ status: STATUS_SUCCESS, information: 0 });
    expect(Object.keys(answered?.interface ?? {})).toEqual(
      Object.keys(VPCI_INTERFACE_STANDARD_OFFSETS),
    );
    expect(answered?.interface).toMatchObject({ size: 56, version: 1, serialNumber: 7 });
    expect(bench.vpci.events).toMatchObject([
      { hop: 'vfIoCallDriver', name: 'IRP_MN_QUERY_INTERFACE' },
      { hop: 'vfIoCompleteRequest', name: 'IRP_MN_QUERY_INTERFACE', status: STATUS_SUCCESS },
    ]);
  });

  test.each<[string, Query]>([
    ['in lower case', { interfaceType: GUID_VPCI_INTERFACE_STANDARD.toLowerCase() }],
    ['with room to spare', { size: 0xffff }],
    ['in a later version', { version: 2 }],
  ])('%s is answered with the interface that there is', (_what, parameters) => {
    const { queryInterface: answered } = query(new DriverBench(), parameters);
    expect(answered?.interface).toMatchObject({ size: 56, version: 1 });
  });

  test('is the only PnP request that the VPCI driver serves: it leaves the status of another [vpci-interface.other-pnp]', () => {
    const bench = new DriverBench();
    const queried = query(bench, { minorFunction: 0x00 });
    expect(queried.returned).toBe(STATUS_NOT_SUPPORTED);
    expect(queried.queryInterface?.interface).toBeUndefined();
  });
});
