import { describe, expect, test } from 'vitest';
import { NicConfigError } from '#host/pf-miniport/reference/nic-config-error.ts';
import {
  parseNicConfig,
  parseNicConfigText,
} from '#host/pf-miniport/reference/parse-nic-config.ts';

/** The message with which a text is refused. */
function refusal(text: string): string {
  try {
    parseNicConfigText(text, 'nic.json');
  } catch (error) {
    expect(error).toBeInstanceOf(NicConfigError);
    return error instanceof NicConfigError ? error.message : '';
  }
  return 'it was accepted';
}

/** A text whose one VF, 3, has these settings, beginning on the third line. */
function vf(settings: string): string {
  return `{\n  "vfs": {\n    "3": ${settings}\n  }\n}`;
}

/** A text with these default settings, on one line. */
function defaults(settings: string): string {
  return `{"defaults":${settings}}`;
}

describe('a NIC configuration that is no JSON', () => {
  test.each([
    ['', 'nic.json:1:1: found the end of the text, expected a value'],
    ['// nothing', 'nic.json:1:11: found the end of the text, expected a value'],
    ['{', 'nic.json:1:2: found the end of the text, expected a closing brace'],
    ['{} {}', 'nic.json:1:4: found {, expected nothing more'],
    [vf('{ "mtu": 1500, }'), 'nic.json:3:25: vfs.3: found }, expected a key in double quotes'],
    [vf('{ "mtu" 1500 }'), 'nic.json:3:18: vfs.3.mtu: found 1500, expected a colon'],
    [vf('{ "mtu": 1500\n"vlan": 5 }'), 'nic.json:4:1: vfs.3.vlan: found "vlan", expected a comma'],
    [
      vf("{ 'mtu': 1500 }"),
      "nic.json:3:12: vfs.3: found 'mtu', expected a JSON value, or a key in double quotes",
    ],
    [
      vf('{ "linkState": "connected }'),
      'nic.json:3:25: vfs.3.linkState: found "connected }, expected a closing double quote',
    ],
    ['{ /* open', 'nic.json:1:3: found /* open, expected the end of the comment'],
  ])('%# $1', (text, message) => {
    expect(refusal(text)).toBe(message);
  });

  test('a text with more levels than the stack is refused like any other', () => {
    expect(refusal('['.repeat(200_000))).toBe(
      'nic.json:1:1: found too many levels, expected a NIC configuration',
    );
  });

  test('a line that ends as on Windows counts as one', () => {
    expect(refusal('{\r\n\r\n  "vfs": tru\r\n}')).toBe(
      'nic.json:3:10: vfs: found tru, expected a JSON value, or a key in double quotes',
    );
  });

  test('a key that is repeated is refused where it is repeated', () => {
    expect(refusal(vf('{ "mtu": 1500,\n      "mtu": 9000 }'))).toBe(
      'nic.json:4:7: vfs.3.mtu: found the key "mtu" once more, expected each key once',
    );
  });
});

const MTU = 'a whole number from 576 to 9216';
const MAC = 'the MAC address of one station, such as 02:15:5d:00:00:01';
const MODES = 'one of directed, multicast, all-multicast, broadcast, promiscuous';

describe('a NIC configuration that is not valid', () => {
  test.each([
    ['[]', '1:1: found a list of 0, expected an object with $schema, defaults, vfs'],
    ['{"$schema":1}', '1:12: $schema: found 1, expected the address of a JSON Schema'],
    ['{"vf":{}}', '1:2: vf: found the key "vf", expected one of $schema, defaults, vfs'],
    [
      '{"__proto__":1}',
      '1:2: __proto__: found the key "__proto__", expected one of $schema, defaults, vfs',
    ],
    ['{"vfs":[]}', '1:8: vfs: found a list of 0, expected an object with VFIds as its keys'],
    [
      '{"vfs":{"03":{}}}',
      '1:9: vfs.03: found the key "03", expected a VFId in decimal, from 0 to 65534',
    ],
    [
      '{"vfs":{"65535":{}}}',
      '1:9: vfs.65535: found the key "65535", expected a VFId in decimal, from 0 to 65534',
    ],
    [
      defaults('{"mac":"02:00:00:00:00:01"}'),
      '1:14: defaults.mac: found the key "mac", expected one of mtu, linkState, linkSpeed, vlan, receiveFilter, multicast, mailbox',
    ],
    [vf('{ "mtu": 20000 }'), `3:19: vfs.3.mtu: found 20000, expected ${MTU}`],
    [vf('{ "mtu": 575 }'), `3:19: vfs.3.mtu: found 575, expected ${MTU}`],
    [vf('{ "mtu": 1500.5 }'), `3:19: vfs.3.mtu: found 1500.5, expected ${MTU}`],
    [vf('{ "mtu": "1500" }'), `3:19: vfs.3.mtu: found "1500", expected ${MTU}`],
    [vf('{ "mtu": null }'), `3:19: vfs.3.mtu: found null, expected ${MTU}`],
    [
      vf('{ "vlan": 4095 }'),
      '3:20: vfs.3.vlan: found 4095, expected a whole number from 0 to 4094',
    ],
    [
      vf('{ "linkState": "up" }'),
      '3:25: vfs.3.linkState: found "up", expected one of connected, disconnected, unknown',
    ],
    [
      vf('{ "linkSpeed": -1 }'),
      '3:25: vfs.3.linkSpeed: found -1, expected bits per second, a whole number from 0 to 9007199254740991',
    ],
    [
      vf('{ "linkSpeed": 1e300 }'),
      '3:25: vfs.3.linkSpeed: found 1e+300, expected bits per second, a whole number from 0 to 9007199254740991',
    ],
    [vf('{ "mac": "02:00:00:00:00" }'), `3:19: vfs.3.mac: found "02:00:00:00:00", expected ${MAC}`],
    [
      vf('{ "mac": "03:00:00:00:00:01" }'),
      `3:19: vfs.3.mac: found "03:00:00:00:00:01", expected ${MAC}`,
    ],
    [
      defaults('{"multicast":["02:00:00:00:00:01"]}'),
      '1:27: defaults.multicast[0]: found "02:00:00:00:00:01", expected a multicast MAC address, such as 01:00:5e:00:00:fb',
    ],
    [
      defaults(
        `{"multicast":[${Array.from({ length: 19 }, (_, n) => `"01:00:5e:00:00:${n + 10}"`)}]}`,
      ),
      '1:26: defaults.multicast: found a list of 19, expected at most 18 multicast addresses',
    ],
    [
      defaults('{"multicast":["01:00:5e:00:00:0a","01-00-5E-00-00-0A"]}'),
      '1:26: defaults.multicast: found a list of 2, expected multicast addresses, each once',
    ],
    [
      defaults('{"receiveFilter":{"modes":["all"]}}'),
      `1:40: defaults.receiveFilter.modes[0]: found "all", expected ${MODES}`,
    ],
    [
      defaults('{"receiveFilter":{"vlans":[0]}}'),
      '1:40: defaults.receiveFilter.vlans[0]: found 0, expected a whole number from 1 to 4094',
    ],
    [
      defaults(`{"receiveFilter":{"vlans":[${Array.from({ length: 33 }, (_, n) => n + 1)}]}}`),
      '1:39: defaults.receiveFilter.vlans: found a list of 33, expected at most 32 VLAN ids',
    ],
    [
      defaults('{"mailbox":{"macAddresses":"all"}}'),
      '1:40: defaults.mailbox.macAddresses: found "all", expected none, locally-administered, or a list of MAC addresses',
    ],
    [
      defaults('{"mailbox":{"macAddresses":["x"]}}'),
      `1:41: defaults.mailbox.macAddresses[0]: found "x", expected ${MAC}`,
    ],
    [
      defaults('{"mailbox":{"mtu":{"min":1500}}}'),
      `1:31: defaults.mailbox.mtu.max: found nothing, expected ${MTU}`,
    ],
    [
      defaults('{"mailbox":{"mtu":{"min":1500,"max":1400}}}'),
      '1:31: defaults.mailbox.mtu: found an object, expected a min that is not above max',
    ],
    [
      '{"vfs":{"1":{"mac":"02:00:00:00:00:01"},"2":{"mac":"02-00-00-00-00-01"}}}',
      '1:52: vfs.2.mac: found "02-00-00-00-00-01", expected an address of its own: VF 1 has this one',
    ],
  ])('%# $1', (text, message) => {
    expect(refusal(text)).toBe(`nic.json:${message}`);
  });

  test('every problem is named on a line of its own', () => {
    expect(refusal(vf('{ "mtu": 1,\n "vlan": -1, "speed": 1 }')).split('\n')).toEqual([
      expect.stringContaining('nic.json:3:19: vfs.3.mtu'),
      expect.stringContaining('nic.json:4:10: vfs.3.vlan'),
      expect.stringContaining('nic.json:4:14: vfs.3.speed'),
    ]);
  });

  test('ten problems are named, and the others counted', () => {
    const vfs = Array.from({ length: 13 }, (_, id) => `"${id}":{"mtu":1}`);
    const lines = refusal(`{"vfs":{${vfs}}}`).split('\n');
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('nic.json: 3 more problems');
  });

  test('a long value is cut', () => {
    expect(refusal(vf(`{ "mtu": "${'x'.repeat(500)}" }`)).length).toBeLessThan(200);
  });

  test('a value that came from no text is named by its path', () => {
    expect(() => parseNicConfig({ vfs: { 3: { mtu: 1 } } })).toThrow(
      `NIC configuration: vfs.3.mtu: found 1, expected ${MTU}`,
    );
  });
});

describe('a NIC configuration', () => {
  test('may have comments and a byte order mark', () => {
    const text = '\uFEFF// all VFs\n{ "defaults": { /* jumbo */ "mtu": 9000 } }';
    expect(parseNicConfigText(text, 'nic.json')).toEqual({ defaults: { mtu: 9000 } });
  });

  test('may be empty', () => {
    expect(parseNicConfigText('{}', 'nic.json')).toEqual({});
  });

  test('gives addresses in one spelling', () => {
    const text = vf('{ "mac": "0A-00-00-00-00-01", "multicast": ["33-33-00-00-00-FB"] }');
    expect(parseNicConfigText(text, 'nic.json')).toEqual({
      vfs: { 3: { mac: '0a:00:00:00:00:01', multicast: ['33:33:00:00:00:fb'] } },
    });
  });
});
