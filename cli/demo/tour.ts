import type { TraceEvent } from '#shared/trace/trace.ts';
import type { ControlClient } from '../control/control-client.ts';
import type { Checklist } from './checklist.ts';
import type { DemoHost, DemoWorld, ObservedProcess } from './demo-world.ts';
import { EDITED_CONFIG, GRANTED_MTU, INITIAL_CONFIG, REFUSED_MAC } from './nic-configs.ts';
import type { Mark } from './observations.ts';

/** What the steps of the tour share. */
export interface Tour {
  readonly world: DemoWorld;
  readonly checks: Checklist;
  readonly host: DemoHost;
  readonly control: ControlClient;
  /** Shows the hops that both sides went through since these marks. */
  readonly showLadder: (events: readonly (readonly [string, readonly TraceEvent[]])[]) => void;
}

/** The default guest of the tour, its VF's device name, and the VFId that it is to get. */
const GUEST = 'g1';
const DEVICE = 'g1/0';
const VF_ID = 0;

/** The BlockMask of the port attributes. */
const MASK_OF_BLOCK_0 = '0x0000000000000001';

const START: Mark = { trace: 0, log: 0 };

/** Attach: the VF is allocated by the PF, appears in the guest, and its driver starts. */
export async function attach(tour: Tour): Promise<ObservedProcess> {
  const { checks, host, control, world } = tour;
  checks.step('A guest attaches a VF');
  const guest = world.startGuest(GUEST, host.channelUrl, [
    ...['--vf-config', `RequestMtu=${GRANTED_MTU}`, `RequestMacAddress=${REFUSED_MAC}`],
    ...['StatisticsIntervalMs=500'],
  ]);
  await guest.seen.until(
    'a running VF',
    () => guest.seen.phases.get(DEVICE) === 'running' || undefined,
  );
  const allocated = await host.seen.event(START, {
    hop: 'pfMiniportOidRequestComplete',
    name: 'OID_NIC_SWITCH_ALLOCATE_VF',
  });
  checks.equal('host', 'the PF miniport allocated VFId', allocated.vfId, VF_ID);
  const { vfs } = await control.listVfs();
  checks.equal('host', 'state of the VF', vfs[0]?.state, 'running');
  checks.equal('guest', 'phase of the VF', guest.seen.phases.get(DEVICE), 'running');
  const handshake = [
    'QUERY_PROTOCOL_VERSION',
    'BUS_RELATIONS2',
    'FDO_D0_ENTRY',
    'CURRENT_RESOURCE_REQUIREMENTS',
    'DEVICE_POWER_STATE_CHANGE',
  ];
  const hops = ['hostPacketReceived', 'hostCompletionReceived'];
  const received = guest.seen.trace.filter((event) => hops.includes(event.hop));
  const names = received.slice(0, handshake.length).map((event) => event.name);
  checks.equal('guest', 'what the handshake brought, in order', names, handshake);
  return guest;
}

/** The VF driver's first reads, which a PF miniport answers one by one. */
export async function initialReads(tour: Tour, guest: ObservedProcess): Promise<void> {
  const { checks, host } = tour;
  checks.step('The VF driver reads its configuration blocks');
  for (const blockId of [0, 1, 2]) {
    const name = 'OID_SRIOV_READ_VF_CONFIG_BLOCK';
    const answered = await host.seen.event(START, {
      hop: 'pfMiniportOidRequestComplete',
      name,
      blockId,
    });
    checks.equal('host', `PF miniport's status for block ${blockId}`, answered.status, 0);
    const hop = 'ndisMReadConfigBlockReturn';
    const read = await guest.seen.event(START, { hop, blockId });
    checks.equal(
      'guest',
      `bytes that NdisMReadConfigBlock read of block ${blockId}`,
      read.length,
      128,
    );
  }
  const applied = await guest.seen.logged(START, 'configuration applied');
  checks.equal('guest', 'MTU in force', applied['mtu'], INITIAL_CONFIG.defaults.mtu);
}

/** Requests through the mailbox block: the PF grants one and refuses the other. */
export async function mailbox(tour: Tour, guest: ObservedProcess): Promise<void> {
  const { checks, host, control } = tour;
  checks.step('The VF driver asks for an MTU and for a MAC address, through the mailbox block');
  const granted = await guest.seen.logged(START, 'mailbox request granted');
  checks.equal('guest', 'granted value', granted['value'], GRANTED_MTU);
  const hop = 'vfMiniportOidRequest';
  const told = await guest.seen.event(START, { hop });
  checks.equal('guest', 'mask of OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK', told.mask, MASK_OF_BLOCK_0);
  const applied = await guest.seen.until('a second configuration in force', () =>
    guest.seen.log.filter((line) => line.msg === 'configuration applied').at(1),
  );
  checks.equal('guest', 'MTU in force after the re-read', applied['mtu'], GRANTED_MTU);
  const refused = await guest.seen.logged(START, 'mailbox request refused');
  checks.equal('guest', 'refused value', refused['value'], REFUSED_MAC);
  const name = 'OID_SRIOV_WRITE_VF_CONFIG_BLOCK';
  const status = 0xc0010015;
  const refusal = await host.seen.event(START, {
    hop: 'pfMiniportOidRequestComplete',
    name,
    status,
  });
  checks.equal('host', 'NDIS_STATUS_INVALID_DATA answered the write of block', refusal.blockId, 16);
  const vf = await control.showVf(VF_ID);
  checks.equal(
    'host',
    'MTU that the PF has in force',
    fieldsOf(vf.report?.details['attributes'])['mtu'],
    GRANTED_MTU,
  );
}

/** An edit of the configuration file, the invalidation, and the re-read. */
export async function edit(tour: Tour, guest: ObservedProcess): Promise<void> {
  const { checks, host, world } = tour;
  checks.step('An operator saves the NIC configuration file with another VLAN');
  const [hostMark, guestMark] = [host.seen.mark, guest.seen.mark];
  await world.saveNicConfig(EDITED_CONFIG);
  const invalidated = await host.seen.event(hostMark, { hop: 'ndisMInvalidateConfigBlock' });
  checks.equal('host', 'mask of NdisMInvalidateConfigBlock', invalidated.mask, MASK_OF_BLOCK_0);
  checks.equal('host', 'VFId of NdisMInvalidateConfigBlock', invalidated.vfId, VF_ID);
  const hop = 'ioCompleteRequest';
  const ioctl = await guest.seen.event(guestMark, { hop, name: 'IOCTL_VPCI_INVALIDATE_BLOCK' });
  checks.equal('guest', 'status of IOCTL_VPCI_INVALIDATE_BLOCK', ioctl.status, 0);
  const oid = { name: 'OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK' };
  const told = await guest.seen.event(guestMark, { hop: 'vfMiniportOidRequest', ...oid });
  checks.equal('guest', `mask of ${oid.name}`, told.mask, MASK_OF_BLOCK_0);
  const read = await guest.seen.event(guestMark, { hop: 'ndisMReadConfigBlockReturn' });
  checks.equal('guest', 'block that the VF driver read again', read.blockId, 0);
  const applied = await guest.seen.logged(guestMark, 'configuration applied');
  checks.equal('guest', 'VLAN in force', applied['vlan'], EDITED_CONFIG.defaults.vlan);
  await guest.seen.event(guestMark, { hop: 'vfMiniportOidRequestComplete', ...oid });
  tour.showLadder([
    ['host', host.seen.trace.slice(hostMark.trace)],
    [GUEST, guest.seen.trace.slice(guestMark.trace)],
  ]);
  const masks = host.seen.trace
    .slice(hostMark.trace)
    .filter((event) => event.hop === 'ndisMInvalidateConfigBlock')
    .map((event) => event.mask);
  checks.equal('host', 'masks of all invalidations', masks, [MASK_OF_BLOCK_0]);
}

/** The statistics that the VF writes, real counters of this machine. */
export async function statistics(tour: Tour, guest: ObservedProcess): Promise<void> {
  const { checks, host, control } = tour;
  checks.step('The VF driver reports the statistics of the machine it runs on');
  const blockId = 17;
  const written = await guest.seen.event(guest.seen.mark, {
    hop: 'ndisMWriteConfigBlockReturn',
    blockId,
  });
  checks.equal('guest', 'status of NdisMWriteConfigBlock', written.status, 0);
  const name = 'OID_SRIOV_WRITE_VF_CONFIG_BLOCK';
  await host.seen.event(START, { hop: 'pfMiniportOidRequestComplete', name, blockId, status: 0 });
  const { report } = await control.showVf(VF_ID);
  const counters = fieldsOf(fieldsOf(report?.details['statistics'])['counters']);
  const bytes = Number(counters['rxBytes']) + Number(counters['txBytes']);
  checks.holds(
    'host',
    `the PF keeps the last report: ${bytes} bytes moved`,
    bytes > 0,
    JSON.stringify(counters),
  );
}

/** A second guest comes with two VFs, and goes. */
export async function secondGuest(tour: Tour): Promise<void> {
  const { checks, host, control, world } = tour;
  checks.step('A second guest attaches two VFs, and leaves');
  const guest = world.startGuest('g2', host.channelUrl, ['--vfs', '2']);
  for (const device of ['g2/0', 'g2/1']) {
    await guest.seen.until(device, () => guest.seen.phases.get(device) === 'running' || undefined);
  }
  const devices = async (): Promise<string[]> =>
    (await control.listVfs()).vfs.map((vf) => vf.device).sort();
  checks.equal('host', 'VFs', await devices(), [DEVICE, 'g2/0', 'g2/1']);
  const mark = host.seen.mark;
  checks.equal('guest', 'exit code of the second guest', await guest.process.shutdown(), 0);
  checkFarewell(tour, guest, 'g2/0');
  for (const device of ['g2/0', 'g2/1']) {
    const name = 'OID_NIC_SWITCH_FREE_VF';
    const freed = await host.seen.event(mark, { hop: 'oidRequestComplete', name, device });
    checks.equal('host', `status of OID_NIC_SWITCH_FREE_VF for ${device}`, freed.status, 0);
  }
  checks.equal('host', 'VFs left', await devices(), [DEVICE]);
}

/** Both sides end: the VF is halted before the bus leaves D0, and freed after it. */
export async function shutdown(tour: Tour, guest: ObservedProcess): Promise<void> {
  const { checks, host } = tour;
  checks.step('Both sides shut down');
  checks.equal('guest', 'exit code', await guest.process.shutdown(), 0);
  checkFarewell(tour, guest, DEVICE);
  checks.equal('host', 'exit code', await host.process.shutdown(), 0);
  const last = [
    'OID_RECEIVE_FILTER_MOVE_FILTER',
    'OID_NIC_SWITCH_DELETE_VPORT',
    'OID_SRIOV_RESET_VF',
    'OID_NIC_SWITCH_FREE_VF',
    'OID_NIC_SWITCH_DELETE_SWITCH',
    'MiniportHaltEx',
  ];
  const hops = ['pfMiniportOidRequest', 'pfMiniportHaltEx'];
  const names = host.seen.trace
    .filter((event) => hops.includes(event.hop))
    .map((event) => event.name);
  checks.equal('host', 'the last requests to the PF miniport', names.slice(-last.length), last);
}

function checkFarewell({ checks }: Tour, guest: ObservedProcess, device: string): void {
  const names = ['MiniportHaltEx', 'DEVICE_POWER_STATE_CHANGE', 'FDO_D0_EXIT'];
  const hops = ['vfMiniportHaltEx', 'guestPacketSent'];
  const farewell = guest.seen.trace
    .filter((event) => event.device === device && hops.includes(event.hop))
    .slice(-names.length);
  const seen = farewell.map((event) => event.name);
  checks.equal('guest', `how ${device} left`, seen, names);
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
