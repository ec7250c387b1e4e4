import { GUEST_SETTINGS } from '#guest/settings.ts';
import { HOST_SETTINGS } from '#host/settings.ts';
import { type Setting, type Settings, variableOf } from '#shared/settings/setting.ts';

const BEGIN = '<!-- settings -->';
const END = '<!-- /settings -->';

/** The README with its table of settings as the code has them. */
export function withSettings(readme: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`README.md has no ${BEGIN} … ${END}`);
  return `${readme.slice(0, begin + BEGIN.length)}\n${settingsTables()}\n${readme.slice(end)}`;
}

function settingsTables(): string {
  const host = table('`backchannel host`, section `host` of the file', HOST_SETTINGS);
  const guest = table('`backchannel guest`, section `guest` of the file', GUEST_SETTINGS);
  return `${host}\n\n${guest}`;
}

function table(title: string, settings: Settings): string {
  const rows = Object.entries(settings).map(([key, entry]) => row(key, entry));
  const head = `| ${title} | environment | default | meaning |`;
  return [head, '| --- | --- | --- | --- |', ...rows].join('\n');
}

function row(key: string, entry: Setting): string {
  const flag = entry.flag.replaceAll('|', '\\|');
  return `| \`${flag}\` (\`${key}\`) | \`${variableOf(key)}\` | ${fallback(key, entry)} | ${entry.about} |`;
}

/** The name of a guest differs from process to process; its sentence says what it is. */
function fallback(key: string, { fallback: value }: Setting): string {
  const isShown = key !== 'name' && (typeof value === 'string' || typeof value === 'number');
  return isShown ? `\`${value}\`` : '';
}
