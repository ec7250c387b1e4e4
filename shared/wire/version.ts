import { ntStatus, u32 } from './codecs.ts';
import { defineRequest } from './descriptor.ts';

/** The VPCI protocol versions, newest first: the order in which a guest asks for them. */
export const VPCI_PROTOCOL_VERSIONS = [
  { version: 0x00010006, name: '1.6', windows: 'DT' },
  { version: 0x00010005, name: '1.5', windows: 'GE' },
  { version: 0x00010004, name: '1.4', windows: 'FE, Windows Server 2022' },
  { version: 0x00010003, name: '1.3', windows: 'VB' },
  { version: 0x00010002, name: '1.2', windows: 'RS1' },
  { version: 0x00010001, name: '1.1', windows: 'Windows 10' },
] as const;

/** Every version of {@link VPCI_PROTOCOL_VERSIONS}, newest first. */
export const ALL_VERSIONS: readonly number[] = VPCI_PROTOCOL_VERSIONS.map((each) => each.version);

/** From this version on the bus relations are sent as BUS_RELATIONS2. */
export const VERSION_1_3 = 0x00010003;

/** From this version on a guest may reset its device with RESET_DEVICE. */
export const VERSION_1_5 = 0x00010005;

/** The version group in which the block messages appear. */
export const VERSION_1_1 = 0x00010001;

/** `1.3` for 0x00010003. */
export function versionName(version: number): string {
  return `${version >>> 16}.${version & 0xffff}`;
}

/** 0x00010003 for `1.3`; undefined for a version that is not in the table. */
export function versionNamed(name: string): number | undefined {
  return VPCI_PROTOCOL_VERSIONS.find((each) => each.name === name)?.version;
}

/** The first message of a guest, once for each version until the host accepts one. */
export const queryProtocolVersion = defineRequest(
  {
    type: 'QUERY_PROTOCOL_VERSION',
    number: 0x42490013,
    direction: 'guest-to-host',
    since: 0,
    summary: 'Proposes a protocol version; STATUS_REVISION_MISMATCH asks for a lower one.',
  },
  { protocolVersion: u32 },
  {
    status: ntStatus,
    protocolVersion: u32.optional().describe('the newest version that the host speaks'),
  },
);
