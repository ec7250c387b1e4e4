import { describe, expect, test } from 'vitest';
import { mermaidOf } from '#cli/states/mermaid.ts';

describe('a state diagram', () => {
  test('begins at the first state, ends at those that lead nowhere, and has every change once', () => {
    const table = {
      open: { what: 'it is open', to: { open: 'nothing happens', shut: 'somebody shuts it' } },
      shut: { what: 'it is shut', to: { gone: 'it is taken away' } },
      gone: { what: 'it is gone', to: {} },
    };
    expect(mermaidOf(table)).toBe(
      `stateDiagram-v2
  [*] --> open
  open --> open: nothing happens
  open --> shut: somebody shuts it
  shut --> gone: it is taken away
  gone --> [*]
`,
    );
  });

  test('keeps what would end a label of Mermaid out of the labels', () => {
    const table = {
      open: { what: 'it is open', to: { shut: 'EXIT: #1; no more' } },
      shut: { what: 'it is shut', to: {} },
    };
    expect(mermaidOf(table)).toContain('  open --> shut: EXIT#58; #35;1#59; no more\n');
  });
});
