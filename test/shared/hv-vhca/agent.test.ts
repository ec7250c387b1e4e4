import { describe, expect, test } from 'vitest';
import { capabilityBit, HV_VHCA_AGENT, invalidationBit } from '#shared/hv-vhca/agent.ts';

describe('the bits of an agent', () => {
  test('in a BlockMask begin with the control agent [vhca.bits]', () => {
    expect(invalidationBit(HV_VHCA_AGENT.control)).toBe(0b01n);
    expect(invalidationBit(HV_VHCA_AGENT.stats)).toBe(0b10n);
  });

  test('in the control block begin one later, and the control agent has none [vhca.bits]', () => {
    expect(capabilityBit(HV_VHCA_AGENT.control)).toBe(0);
    expect(capabilityBit(HV_VHCA_AGENT.stats)).toBe(0b01);
  });
});
