import { wrap } from './reflow.ts';

interface Process {
  readonly pid: number | undefined;
}

/** What `start` has started. */
export interface Started {
  readonly host: Process;
  readonly channelUrl: string;
  readonly controlUrl: string;
  readonly guests: readonly {
    readonly side: Process;
    readonly name: string;
    readonly pf: string | undefined;
  }[];
  readonly nicConfig: string | undefined;
}

const COLUMNS = 80;
const TITLE_WIDTH = 15;

/** What stands above the ladder of `start`; only a path may make a line longer than 80 columns. */
export function startBanner(started: Started): string {
  const { host, channelUrl, controlUrl, guests, nicConfig } = started;
  return [
    field('management OS', `process ${host.pid}`),
    field('', `channel ${channelUrl}`),
    field('', `control API ${controlUrl}`),
    ...guests.map(({ side, name, pf }) => {
      const on = pf === undefined ? '' : ` on PF ${pf}`;
      return field('guest OS', `process ${side.pid}, ${name}${on}`);
    }),
    ...(nicConfig === undefined
      ? []
      : [field('configuration', `${nicConfig}: save a change, and watch it travel`)]),
    guests.length === 1 ? 'Ctrl-C ends both.' : 'Ctrl-C ends all.',
    '',
    '',
  ].join('\n');
}

function field(title: string, value: string): string {
  const lines = wrap(value, COLUMNS - TITLE_WIDTH, '').split('\n');
  return title.padEnd(TITLE_WIDTH) + lines.join(`\n${' '.repeat(TITLE_WIDTH)}`);
}
