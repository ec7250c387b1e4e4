import { IRQL, type Irql } from '../nt/irql.ts';
import type { VerifierRuleId } from './rules.ts';

/** The highest IRQL at which a function of an adapter may be called, and the rule that says so. */
interface IrqlLimit {
  readonly most: Irql;
  readonly id: VerifierRuleId;
}

/** The limits of what NDIS gives to a miniport, by the name in the adapter. */
export const IRQL_LIMITS: ReadonlyMap<string, IrqlLimit> = new Map([
  ['ndisMReadConfigBlock', { most: IRQL.APC_LEVEL, id: 'irql.config-block' }],
  ['ndisMWriteConfigBlock', { most: IRQL.APC_LEVEL, id: 'irql.config-block' }],
  ['ndisMInvalidateConfigBlock', { most: IRQL.DISPATCH_LEVEL, id: 'irql.invalidate-config-block' }],
  ['ndisMSetMiniportAttributes', { most: IRQL.PASSIVE_LEVEL, id: 'irql.set-miniport-attributes' }],
  ['ndisMEnableVirtualization', { most: IRQL.PASSIVE_LEVEL, id: 'irql.virtual-functions' }],
  ['ndisMGetVirtualFunctionLocation', { most: IRQL.PASSIVE_LEVEL, id: 'irql.virtual-functions' }],
  ['ndisMQueryProbedBars', { most: IRQL.PASSIVE_LEVEL, id: 'irql.virtual-functions' }],
  ['ndisMGetVirtualFunctionBusData', { most: IRQL.DISPATCH_LEVEL, id: 'irql.virtual-functions' }],
  ['ndisMSetVirtualFunctionBusData', { most: IRQL.DISPATCH_LEVEL, id: 'irql.virtual-functions' }],
  ['ndisMOidRequestComplete', { most: IRQL.DISPATCH_LEVEL, id: 'irql.oid-request-complete' }],
  ['ndisQueueIoWorkItem', { most: IRQL.DISPATCH_LEVEL, id: 'irql.queue-io-work-item' }],
]);

/** What a miniport may call at any time, with the adapter of whomever. */
export const UNWATCHED_FUNCTIONS: ReadonlySet<string> = new Set([
  'busStatistics',
  'vfBarMemory',
  'keGetCurrentIrql',
  'keLowerIrql',
  'keRaiseIrql',
]);

/**
 * Functions of NDIS for one kind of miniport alone. On Windows a driver of the other kind can call
 * them with its own handle, for they are but symbols of ndis.sys; here its adapter does not have them.
 */
export const ONLY_OF_PF = [
  'ndisMEnableVirtualization',
  'ndisMGetVirtualFunctionBusData',
  'ndisMGetVirtualFunctionLocation',
  'ndisMInvalidateConfigBlock',
  'ndisMQueryProbedBars',
  'ndisMSetVirtualFunctionBusData',
] as const;
export const ONLY_OF_VF = ['ndisMReadConfigBlock', 'ndisMWriteConfigBlock'] as const;
