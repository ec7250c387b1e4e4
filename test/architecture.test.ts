import { describe, expect, test } from 'vitest';
import {
  FOLDERS,
  readSourceFiles,
  type SourceFile,
  sourceFile,
} from '#test/support/source-files.ts';

const files = readSourceFiles();
const sources = files.filter(({ path }) => !path.startsWith('test/'));

/** What a rule finds wrong with a file: nothing, or a line for each breach. */
type Rule = (file: SourceFile) => readonly string[];

/** The imports of a file of `from` that `isAllowed` does not like. */
function importRule(from: RegExp, isAllowed: (target: string) => boolean): Rule {
  return ({ path, imports }) =>
    from.test(path)
      ? imports.filter((target) => !isAllowed(target)).map((target) => `${path} imports ${target}`)
      : [];
}

/** The matches of `pattern` in a file, unless `isExempt`. */
function textRule(
  view: 'text' | 'code' | 'bare',
  pattern: RegExp,
  isExempt: (path: string) => boolean = () => false,
): Rule {
  return (file) =>
    isExempt(file.path)
      ? []
      : [...file[view].matchAll(pattern)].map(([match]) => `${file.path}: ${match.trim()}`);
}

const folderOf = (path: string): string => path.slice(0, path.indexOf('/'));
const isOurs = (target: string): boolean =>
  FOLDERS.some((folder) => target.startsWith(`${folder}/`));
const within =
  (...prefixes: readonly string[]) =>
  (target: string): boolean =>
    prefixes.some((prefix) => target.startsWith(prefix));
/** A file of another package or of Node, or one of ours under these prefixes. */
const oursOnly =
  (...prefixes: readonly string[]) =>
  (target: string): boolean =>
    !isOurs(target) || within(...prefixes)(target);

/** Beneath the miniports and NDIS: what carries their requests between the partitions. */
const CHANNEL = ['shared/wire/', 'shared/vmbus/', 'shared/transport/', 'ws'];
const aboveChannel = (target: string): boolean => !within(...CHANNEL)(target);
/** What NDIS does to a miniport; a miniport has its side of the contract, and the structures. */
const HOST_NDIS_ITSELF =
  /^host\/ndis\/(ndis|ndis-answers|nic-switch-cache|pf-oid-queue|oid-precheck|oid-trace|vports)\.ts$/;
const GUEST_NDIS_ITSELF =
  /^guest\/ndis\/(ndis|bus-data-calls|vf-(answers|driver-io|oid-queue|oids)|invalidation-loop|config-block-(calls|irp))\.ts$/;

const WS_FILES = ['shared/transport/websocket.ts', 'host/vmbus/listener.ts', 'guest/vmbus/dial.ts'];
/** Where something comes in from outside: the channel, a setting, a file, the control API. */
const ZOD_PLACES = within(
  'shared/wire/',
  'shared/settings/',
  'shared/trace/trace-event-schema.ts',
  'shared/package-info.ts',
  'host/vmbus/listener.ts',
  'host/settings.ts',
  'host/pf-settings.ts',
  'host/control/',
  'host/pf-miniport/reference/',
  'guest/settings.ts',
  'cli/',
);

/** What of `test/` is in the package. */
const PUBLISHED_TESTS = within('test/kit/', 'test/museum/', 'test/contract/', 'test/testing.ts');

interface NamedRule {
  readonly name: string;
  readonly rule: Rule;
  /** Files that break it, each under a path where it holds. */
  readonly planted: readonly (readonly [path: string, text: string])[];
  readonly files?: readonly SourceFile[];
}

const RULES: readonly NamedRule[] = [
  {
    name: 'shared imports neither side',
    rule: importRule(/^shared\//, oursOnly('shared/')),
    planted: [
      ['shared/x.ts', "import { a } from '#host/ndis/ndis.ts';"],
      ['shared/x.ts', "export * from '#guest/guest-os.ts';"],
      ['shared/x/y.ts', "const a = await import('../../host/x.ts');"],
    ],
  },
  {
    name: 'host imports itself and shared',
    rule: importRule(/^host\//, oursOnly('host/', 'shared/')),
    planted: [
      ['host/x.ts', "import type { Irp } from '#guest/io/irp.ts';"],
      ['host/x.ts', "import '#test/testing.ts';"],
      ['host/x.ts', "import {\n  a,\n  b,\n} from '#cli/settings.ts';"],
    ],
  },
  {
    name: 'guest imports itself and shared',
    rule: importRule(/^guest\//, oursOnly('guest/', 'shared/')),
    planted: [['guest/x/y.ts', "import { PfNdis } from '../../host/ndis/ndis.ts';"]],
  },
  {
    name: 'sources import no test, but that the command runs the kit and the museum',
    rule: importRule(
      /^(shared|host|guest|cli)\//,
      (target) => !target.startsWith('test/') || within('test/kit/', 'test/museum/')(target),
    ),
    planted: [['cli/x.ts', "import { ManualClock } from '#test/testing.ts';"]],
  },
  {
    name: 'neither side, nor what they share, knows the kit',
    rule: importRule(/^(shared|host|guest)\//, (target) => !target.startsWith('test/')),
    planted: [['host/x.ts', "import { When } from '#test/kit/faults/when.ts';"]],
  },
  {
    name: 'the kit, the museum and the contracts need nothing that only tests need',
    rule: importRule(
      /^test\/(kit|museum|contract)\/.*(?<!\.test)\.ts$|^test\/testing\.ts$/,
      (target) => !target.startsWith('test/') || PUBLISHED_TESTS(target),
    ),
    planted: [
      ['test/kit/x.ts', "import { RecordingPf } from '#test/support/recording-pf.ts';"],
      ['test/museum/x/y.ts', "import { VfBench } from '../../support/vf-bench.ts';"],
      ['test/testing.ts', "export * from './scenario/x.ts';"],
    ],
    files,
  },
  {
    name: 'another folder is imported through its # name, the own one is not',
    rule: ({ path, code }) =>
      [...code.matchAll(/['"](#[a-z]+\/|\.\.?\/)[^'"]*\.ts['"]/g)].flatMap(([specifier, start]) => {
        const isRelative = start?.startsWith('.') === true;
        const target = sourceFile(path, `import ${specifier}`).imports[0] ?? '';
        const isInside = folderOf(target) === folderOf(path);
        const isTest = folderOf(path) === 'test';
        return isRelative === isInside || isTest ? [] : [`${path} imports ${specifier}`];
      }),
    planted: [
      ['host/x.ts', "import { a } from '../shared/nt/ntstatus.ts';"],
      ['host/x.ts', "import { a } from '#host/ndis/ndis.ts';"],
    ],
  },
  {
    name: 'a PF miniport sees NDIS and nothing beneath it',
    rule: importRule(
      /^host\/pf-miniport\//,
      (target) =>
        oursOnly('shared/', 'host/ndis/', 'host/pf-miniport/')(target) &&
        aboveChannel(target) &&
        !HOST_NDIS_ITSELF.test(target),
    ),
    planted: [
      ['host/pf-miniport/x.ts', "import { readBlock } from '#shared/wire/block.ts';"],
      ['host/pf-miniport/x.ts', "import { Channel } from '#shared/vmbus/channel.ts';"],
      ['host/pf-miniport/x.ts', "import WebSocket from 'ws';"],
      ['host/pf-miniport/x.ts', "import { Vf } from '../virtualization-stack/vf.ts';"],
      ['host/pf-miniport/x.ts', "import { PfNdis } from '../ndis/ndis.ts';"],
    ],
  },
  {
    name: 'a VF miniport sees NDIS and nothing beneath it',
    rule: importRule(
      /^guest\/vf-miniport\//,
      (target) =>
        oursOnly('shared/', 'guest/ndis/', 'guest/vf-miniport/')(target) &&
        aboveChannel(target) &&
        !GUEST_NDIS_ITSELF.test(target),
    ),
    planted: [
      ['guest/vf-miniport/x.ts', "import { VpciDriver } from '../vpci/vpci-driver.ts';"],
      ['guest/vf-miniport/x.ts', "import { Irp } from '../io/irp.ts';"],
      ['guest/vf-miniport/x.ts', "import { invalidateBlock } from '#shared/wire/block.ts';"],
      ['guest/vf-miniport/x.ts', "import { VfNdis } from '../ndis/ndis.ts';"],
    ],
  },
  {
    name: 'a Linux VF driver sees its device and nothing beneath it',
    rule: importRule(
      /^guest\/linux\/hv-vhca\//,
      (target) =>
        oursOnly('shared/', 'guest/linux/linux-vf-driver.ts', 'guest/vf-miniport/')(target) &&
        aboveChannel(target),
    ),
    planted: [
      ['guest/linux/hv-vhca/x.ts', "import { BlockFunctions } from '../block-functions.ts';"],
      ['guest/linux/hv-vhca/x.ts', "import { Channel } from '#shared/vmbus/channel.ts';"],
      ['guest/linux/hv-vhca/x.ts', "import { VfNdis } from '../../ndis/ndis.ts';"],
    ],
  },
  {
    name: 'NDIS sees neither wire nor channel, and nothing above or beneath it on its side',
    rule: (file) => [
      ...importRule(/^(host|guest)\/ndis\//, aboveChannel)(file),
      ...importRule(/^host\/ndis\//, oursOnly('shared/', 'host/ndis/', 'host/pci/'))(file),
      ...importRule(/^guest\/ndis\//, oursOnly('shared/', 'guest/ndis/', 'guest/io/'))(file),
    ],
    planted: [
      ['host/ndis/x.ts', "import { Transport } from '#shared/transport/transport.ts';"],
      ['host/ndis/x.ts', "import { Vf } from '../virtualization-stack/vf.ts';"],
      ['guest/ndis/x.ts', "import { VpciDriver } from '../vpci/vpci-driver.ts';"],
      ['guest/ndis/x.ts', "import { maskToWire } from '#shared/wire/codecs.ts';"],
    ],
  },
  {
    name: 'a device knows nothing of who drives it',
    rule: importRule(/^host\/pci\//, oursOnly('shared/', 'host/pci/')),
    planted: [['host/pci/x.ts', "import { PfNdis } from '../ndis/ndis.ts';"]],
  },
  {
    name: 'ws is known in three files, and to the bench for its baseline',
    rule: (file) =>
      WS_FILES.includes(file.path) || file.path.startsWith('cli/bench/')
        ? []
        : importRule(/^/, (target) => target !== 'ws')(file),
    planted: [['shared/vmbus/x.ts', "import { WebSocket } from 'ws';"]],
  },
  {
    name: 'zod is where something comes in from outside',
    rule: (file) =>
      ZOD_PLACES(file.path)
        ? []
        : importRule(/^/, (target) => !/^(zod|@hono\/zod-openapi)\b/.test(target))(file),
    planted: [
      ['host/ndis/x.ts', "import * as z from 'zod';"],
      ['shared/vpci/x.ts', "import * as z from 'zod/mini';"],
    ],
  },
  {
    name: 'time and randomness come from shared/time/system.ts alone',
    rule: textRule(
      'code',
      /\bDate\.now\b|\bnew Date\(\s*\)|\b(?:set|clear)(?:Timeout|Interval)\b|\bMath\.random\b|\bperformance\.\w+|\bhrtime\b|\brandom(?:Bytes|UUID|Int|FillSync)\b|\bgetRandomValues\b|node:timers/g,
      (path) => path === 'shared/time/system.ts',
    ),
    planted: [
      ['host/x.ts', 'const at = Date.now();'],
      ['guest/x.ts', 'setTimeout(() => {}, 5);'],
      ['shared/x.ts', 'const now = performance.now();'],
      ['cli/x.ts', "import { randomUUID } from 'node:crypto';"],
      ['host/x.ts', 'const at = new Date();'],
      ['host/x.ts', 'const pick = Math.random;'],
    ],
  },
  {
    name: 'no file has more than 300 lines',
    rule: ({ path, text }) => {
      const lines = text.trimEnd().split('\n').length;
      return lines > 300 ? [`${path} has ${lines} lines`] : [];
    },
    planted: [['host/x.ts', 'a();\n'.repeat(301)]],
  },
  {
    name: 'no any, no enum, no namespace, no console',
    rule: textRule(
      'bare',
      /[:<,|(]\s*any\b(?!\s*[:(=])|\bas any\b|\benum\s+\w+\s*\{|\bnamespace\s+\w+\s*\{|\bconsole\s*\./g,
    ),
    planted: [
      ['host/x.ts', 'let a: any;'],
      ['host/x.ts', 'const a = b as any;'],
      ['host/x.ts', 'const a: Map<string, any> = b;'],
      ['host/x.ts', 'enum Colour { Red }'],
      ['host/x.ts', 'const enum Colour { Red }'],
      ['host/x.ts', 'namespace A { }'],
      ['host/x.ts', "console.log('x');"],
    ],
  },
  {
    name: 'no test is left out or alone, and no check of the compiler is switched off',
    rule: textRule(
      'text',
      /@ts-(?:ignore|nocheck|expect-error)|\.(?:only|skip|todo)\s*\(|\.skipIf\s*\(|\bx(?:test|describe)\s*\(/g,
      (path) => path === 'test/architecture.test.ts',
    ),
    planted: [
      ['test/x.test.ts', "test.only('x', () => {});"],
      ['test/x.test.ts', "describe.skip('x', () => {});"],
      ['host/x.ts', '// @ts-ignore'],
    ],
    files,
  },
  {
    name: 'a lint rule that is switched off says why',
    rule: ({ path, text }) =>
      [...text.matchAll(/biome-ignore[^\n]*/g)]
        .map(([match]) => match)
        .filter((match) => !/^biome-ignore(?:-\w+)? \S+: \w+( \S+){2,}/.test(match))
        .map((match) => `${path}: ${match}`),
    planted: [
      ['host/x.ts', '// biome-ignore lint/suspicious/noConsole: <explanation>'],
      ['host/x.ts', '// biome-ignore lint/suspicious/noConsole:'],
      ['host/x.ts', '// biome-ignore lint: needed'],
    ],
    files: files.filter(({ path }) => path !== 'test/architecture.test.ts'),
  },
];

describe('the architecture', () => {
  test('the walk finds the files of every folder, and their imports', () => {
    for (const folder of FOLDERS) {
      expect(files.filter(({ path }) => folderOf(path) === folder).length).toBeGreaterThan(5);
    }
    const channel = files.find(({ path }) => path === 'shared/vmbus/channel.ts');
    expect(channel?.imports).toContain('shared/wire/descriptor.ts');
    const listener = files.find(({ path }) => path === 'host/vmbus/listener.ts');
    expect(listener?.imports).toEqual(
      expect.arrayContaining(['ws', 'node:http', 'shared/time/clock.ts']),
    );
  });

  test('every import of our own leads to a file', () => {
    const known = new Set(files.map(({ path }) => path));
    const missing = files.flatMap(({ path, imports }) =>
      imports
        .filter((target) => isOurs(target) && target.endsWith('.ts') && !known.has(target))
        .map((target) => `${path} imports ${target}`),
    );
    expect(missing.filter((line) => !line.startsWith('test/architecture.test.ts'))).toEqual([]);
  });

  test.each(RULES)('$name', ({ rule, planted, files: all = sources }) => {
    expect(all.length).toBeGreaterThan(20);
    expect(all.flatMap(rule)).toEqual([]);
    for (const [path, text] of planted) {
      expect(rule(sourceFile(path, text)), `planted: ${text}`).not.toEqual([]);
    }
  });

  test('what authors import from the test kit needs no test framework', () => {
    const reached = new Set<string>();
    const visit = (path: string): void => {
      if (reached.has(path)) return;
      reached.add(path);
      for (const target of files.find((file) => file.path === path)?.imports ?? []) visit(target);
    };
    visit('test/testing.ts');
    expect(reached).toContain('test/contract/pf-miniport-contract.ts');
    expect(
      [...reached].filter((target) => /^(vitest|fast-check|node:test)\b/.test(target)),
    ).toEqual([]);
  });

  test('what looks like a breach in a comment or a string is none', () => {
    const text = "// any: Date.now()\n/* enum A { } */ const a = 'console.log(x as any)';";
    const { bare } = sourceFile('host/x.ts', text);
    expect(bare.trim()).toBe("const a = '';");
  });
});
