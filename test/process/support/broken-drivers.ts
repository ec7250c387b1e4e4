/** Driver files that cannot be used, as text, and what is said of each after its path. */
export interface BrokenDriver {
  /** What is wrong with it. */
  readonly what: string;
  readonly file: string;
  /** Undefined for a file that is not there. */
  readonly text: string | undefined;
}

const OID = 'miniportOidRequest: () => 0';

/** Files that cannot be loaded, or whose default export is no factory. */
export const UNLOADABLE = {
  missing: { what: 'is not there', file: 'missing.ts', text: undefined },
  noExport: { what: 'has no default export', file: 'no-export.ts', text: 'export const pf = 1;' },
  syntax: { what: 'has a mistake of syntax', file: 'syntax.ts', text: 'export default (a =>' },
  syntaxOfJavaScript: {
    what: 'has a mistake of syntax in JavaScript',
    file: 'syntax.cjs',
    text: 'const a = 1;\nconst b = ;',
  },
  throws: {
    what: 'throws when it is imported',
    file: 'throws.ts',
    text: "throw new Error('no licence');",
  },
} as const satisfies Record<string, BrokenDriver>;

/** Files whose factory makes no miniport, or one that does not start. */
export const UNSTARTABLE = {
  factoryThrows: {
    what: 'throws in its factory',
    file: 'factory-throws.ts',
    text: "export default () => { throw new Error('no adapter'); };",
  },
  initializeThrows: {
    what: 'throws in MiniportInitializeEx',
    file: 'initialize-throws.ts',
    text: `export default () => ({ miniportInitializeEx() { throw new Error('no memory'); }, ${OID} });`,
  },
  initializeRejects: {
    what: 'rejects in MiniportInitializeEx',
    file: 'initialize-rejects.ts',
    text: `export default () => ({ async miniportInitializeEx() { throw new Error('no memory'); }, ${OID} });`,
  },
  initializeFails: {
    what: 'fails in MiniportInitializeEx',
    file: 'initialize-fails.ts',
    text: `export default () => ({ miniportInitializeEx: () => 0xc000009a, ${OID} });`,
  },
} as const satisfies Record<string, BrokenDriver>;

/** Does not return from MiniportInitializeEx, and prints `hanging` when it is called. */
export const HANGING = `export default () => ({
  miniportInitializeEx() {
    console.log('hanging');
    return new Promise(() => {});
  },
  ${OID},
});`;

/** Leaves a timer behind that nobody cancels. */
export const LINGERING = `setInterval(() => {}, 1000);\nexport default () => ({ ${OID} });`;

/** Does not return from MiniportHaltEx, or does not complete OID_NIC_SWITCH_DELETE_SWITCH. */
export function hangingIn(where: string): string {
  const isHalt = where === 'halt';
  return `import { OID, configBlockPf, definePfMiniport } from 'sriov-backchannel/host';

const forever = () => new Promise<never>(() => {});

export default definePfMiniport((adapter) => {
  const pf = configBlockPf(adapter, { readBlock: () => 1, writeBlock: () => 1 });
  return {
    ...pf,
    miniportHaltEx: () => (${isHalt} ? forever() : undefined),
    miniportOidRequest: (request) =>
      !${isHalt} && request.oid === OID.OID_NIC_SWITCH_DELETE_SWITCH
        ? forever()
        : pf.miniportOidRequest(request),
  };
});
`;
}

/** Does not return from MiniportHaltEx. */
export const HANGING_VF = `import { configBlockVf, defineVfMiniport } from 'sriov-backchannel/guest';

export default defineVfMiniport(() =>
  configBlockVf({ invalidated: () => {}, halt: () => new Promise<never>(() => {}) }),
);
`;
