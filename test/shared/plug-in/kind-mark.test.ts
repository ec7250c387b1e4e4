import { describe, expect, test } from 'vitest';
import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import nullPf from '#host/pf-miniport/null.ts';
import { markedKind, markKind } from '#shared/plug-in/kind-mark.ts';

describe('the mark of a miniport factory', () => {
  test('is none on a function that nobody marked, or that takes no mark', () => {
    expect(markedKind(() => {})).toBeUndefined();
    const frozen = Object.freeze(() => {});
    expect(markKind(frozen, 'PF miniport')).toBe(frozen);
    expect(markedKind(frozen)).toBeUndefined();
  });

  test('says for which side it is', () => {
    expect(markedKind(definePfMiniport(nullPf))).toBe('PF miniport');
    const vf = defineVfMiniport(() => configBlockVf({ invalidated() {} }));
    expect(markedKind(vf)).toBe('VF miniport');
  });
});
