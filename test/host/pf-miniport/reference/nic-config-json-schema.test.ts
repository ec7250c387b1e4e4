import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { nicConfigJsonSchema } from '#host/pf-miniport/reference/nic-config-json-schema.ts';
import { parseNicConfigText } from '#host/pf-miniport/reference/parse-nic-config.ts';
import { settingsOfVf } from '#host/pf-miniport/reference/vf-settings.ts';

const docs = new URL('../../../../docs/', import.meta.url);

describe('docs/nic.schema.json', () => {
  test('is what the schema of the NIC configuration generates', async () => {
    const text = await readFile(new URL('nic.schema.json', docs), 'utf8');
    const outOfDate = 'docs/nic.schema.json is out of date: npm run docs';
    expect(text.replaceAll('\r\n', '\n'), outOfDate).toBe(nicConfigJsonSchema());
  });

  test('lets an editor refuse what the PF would refuse', () => {
    const vf = JSON.parse(nicConfigJsonSchema()).properties.vfs;
    expect(vf.additionalProperties.additionalProperties).toBe(false);
    expect(vf.additionalProperties.properties.mtu).toMatchObject({ minimum: 576, maximum: 9216 });
    expect(vf.additionalProperties.properties.multicast).toMatchObject({
      maxItems: 18,
      uniqueItems: true,
    });
    const vfId = new RegExp(vf.propertyNames.pattern);
    expect(['0', '9', '10', '65534'].every((key) => vfId.test(key))).toBe(true);
    expect(['', '-1', '00', '65535', '99999', '100000', 'x'].some((key) => vfId.test(key))).toBe(
      false,
    );
  });
});

describe('docs/nic.example.json', () => {
  test('is valid, and configures two VFs apart', async () => {
    const text = await readFile(new URL('nic.example.json', docs), 'utf8');
    const config = parseNicConfigText(text, 'nic.example.json');
    expect(Object.keys(config.vfs ?? {})).toEqual(['0', '1']);
    const [first, second] = [0, 1].map((vfId) => settingsOfVf(config, vfId, 'given').attributes);
    expect(first?.macAddress).toBe('given');
    expect(second?.macAddress).not.toBe('given');
    expect(first?.mtu).not.toBe(second?.mtu);
    expect(config.$schema).toBe('./nic.schema.json');
  });
});
