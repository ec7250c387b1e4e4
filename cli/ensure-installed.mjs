// Runs before every npm script that needs the dependencies: installs them when they are missing or
// older than the lock file. In JavaScript, with Node's own modules only, since nothing else is there.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The text of a file; undefined when it cannot be read. */
function read(path) {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}

/** Name and version of every package that the lock file wants on this kind of machine. */
function wanted(lock) {
  const packages = Object.entries(JSON.parse(lock).packages);
  return packages.filter(([path, entry]) => path !== '' && entry.optional !== true);
}

function isInstalled() {
  const lock = read('package-lock.json');
  const installed = read(join('node_modules', '.package-lock.json'));
  if (lock === undefined || installed === undefined) return false;
  const there = JSON.parse(installed).packages;
  return wanted(lock).every(([path, entry]) => there[path]?.version === entry.version);
}

function checkNode() {
  const floor = JSON.parse(read('package.json') ?? '{}').engines.node.replace('>=', '');
  const [major, minor] = floor.split('.').map(Number);
  const [hasMajor, hasMinor] = process.versions.node.split('.').map(Number);
  if (hasMajor > major || (hasMajor === major && hasMinor >= minor)) return;
  process.stderr.write(
    `sriov-backchannel needs Node ${floor} or newer; this is ${process.version}.\n`,
  );
  process.exit(1);
}

checkNode();
if (!isInstalled()) {
  process.stderr.write('Installing dependencies (once) ...\n');
  const npm = process.env['npm_execpath'];
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const run =
    npm === undefined
      ? spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: true })
      : spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: 'inherit' });
  if (run.status !== 0) {
    process.stderr.write('The dependencies could not be installed; see above.\n');
    process.exit(1);
  }
}
