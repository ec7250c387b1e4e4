import * as z from 'zod';
import { messageOf } from '#shared/message-of.ts';
import { devicePowerStateName } from '#shared/ndis/device-power-state.ts';
import type { RecurringLog } from '#shared/recurring-log.ts';
import { maskHex } from '#shared/vpci/config-block.ts';
import { versionName } from '#shared/wire/version.ts';
import type { VfView } from '../virtualization-stack/vf.ts';
import { type VfAnswer, type VfReport, vfReport } from './api.ts';

/** The most that a PF miniport may show of a VF, in characters of JSON. */
const MAX_REPORT_LENGTH = 65_536;

export function vfJson(vf: VfView, pf: string): VfAnswer {
  const { vfId, device, state, generation, outstanding } = vf;
  const { framesSent, framesReceived, bytesSent, bytesReceived } = vf;
  return {
    pf,
    vfId,
    vportId: vf.vportId ?? null,
    device,
    state,
    generation,
    protocolVersion: vf.protocolVersion === undefined ? null : versionName(vf.protocolVersion),
    devicePowerState: devicePowerStateName(vf.devicePowerState),
    pendingMask: maskHex(vf.pendingMask),
    outstanding,
    framesSent,
    framesReceived,
    bytesSent,
    bytesReceived,
    allocatedAt: new Date(vf.allocatedAt).toISOString(),
  };
}

/**
 * A report as JSON. A PF miniport is somebody's plug-in: what is no report, is no JSON or is too
 * large is logged, and null. A bigint becomes text.
 */
export function reportJson(report: unknown, log: RecurringLog): VfReport | null {
  if (report === undefined) return null;
  try {
    const text = JSON.stringify(report, (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    if (text.length > MAX_REPORT_LENGTH) {
      throw new Error(`it takes ${text.length} characters of JSON, and may ${MAX_REPORT_LENGTH}`);
    }
    return vfReport.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    log.warn('report', {}, `the PF miniport's report of a VF cannot be shown: ${reason}`);
    return null;
  }
}
