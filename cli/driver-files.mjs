// How a driver's file is imported, wherever it lies (Node.js: module customization hooks):
// - it may import this package by name, although the package is not installed beside it;
// - a .ts file is an ES module, although no package.json beside it says so. CommonJS is .cts;
// - a .js file is an ES module when it is written as one.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const manifest = new URL('../package.json', import.meta.url);
const { name } = JSON.parse(readFileSync(manifest, 'utf8'));

export async function resolve(specifier, context, nextResolve) {
  const isOurs = specifier.startsWith(`${name}/`);
  const from = isOurs ? { ...context, parentURL: manifest.href } : context;
  const resolved = await nextResolve(specifier, from);
  return resolved.format !== 'module' && isModule(resolved.url)
    ? { ...resolved, format: 'module' }
    : resolved;
}

function isModule(url) {
  const [file] = url.split(/[?#]/);
  if (!file.startsWith('file:') || file.includes('/node_modules/')) return false;
  return file.endsWith('.ts') || (file.endsWith('.js') && hasModuleSyntax(file));
}

/** Whether a line begins as only those of ES modules do. */
function hasModuleSyntax(file) {
  try {
    return /^(?:import|export)\b/m.test(readFileSync(fileURLToPath(file), 'utf8'));
  } catch {
    return false;
  }
}
