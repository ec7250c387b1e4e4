import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packedStructure, unpackedStructure } from '#host/ndis/packed-structure.ts';
import { newVfParameters } from '#host/ndis/vf-parameters.ts';

describe('a packed structure', () => {
  test('comes back as it was, whatever its bytes are', () => {
    const sparse = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 })), {
      maxLength: 600,
    });
    fc.assert(
      fc.property(sparse, (values) => {
        const bytes = Uint8Array.from(values);
        expect(unpackedStructure(packedStructure(bytes))).toEqual(bytes);
      }),
    );
  });

  test('comes back as it was at the greatest length', () => {
    const bytes = new Uint8Array(0xffff).fill(0xa5);
    expect(unpackedStructure(packedStructure(bytes))).toEqual(bytes);
  });

  test('leaves out what the counted strings of a VF do not need', () => {
    const macAddress = Uint8Array.of(0x02, 0x15, 0x5d, 0x00, 0x00, 0x01);
    const bytes = newVfParameters({
      vmName: 'g1',
      vmFriendlyName: 'g1',
      nicName: 'g1/0',
      permanentMacAddress: macAddress,
      currentMacAddress: macAddress,
    });
    expect(bytes.byteLength).toBe(1632);
    expect(packedStructure(bytes).length).toBeLessThan(100);
  });

  test('is a copy: what happens to the original afterwards does not matter', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const packed = packedStructure(bytes);
    bytes.fill(9);
    unpackedStructure(packed).fill(8);
    expect(unpackedStructure(packed)).toEqual(Uint8Array.of(1, 2, 3));
  });
});
