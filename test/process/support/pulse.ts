import type { ControlClient } from '#cli/control/control-client.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import type { CommandProcess } from './command-process.ts';

let count = 0;

/**
 * Goes once through the whole chain of a VF that runs the driver of notes: writes a note at the PF,
 * which invalidates its block, and waits until the VF driver has read it. Fails when it does not.
 */
export async function takePulse(
  control: ControlClient,
  guest: CommandProcess,
  device: string,
): Promise<void> {
  const { vfs } = await control.listVfs();
  const vf = vfs.find((each) => each.device === device);
  if (vf === undefined) throw new Error(`${device} is not allocated`);
  const note = `pulse ${++count}`;
  const { status, statusName } = await control.writeBlock(vf.vfId, 2, Buffer.from(note));
  if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) throw new Error(`${device}: ${statusName}`);
  await guest.logged('note read', { device, note });
}
