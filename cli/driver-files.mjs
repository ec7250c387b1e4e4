// How a driver's file is imported, wherever it lies (Node.js: module customization hooks):
// - it may import this package by name, although the package is not installed beside it;
// - a .ts file is an ES module, although no package.json beside it says so. CommonJS is .cts.
import { readFileSync } from 'node:fs';

const manifest = new URL('../package.json', import.meta.url);
const { name } = JSON.parse(readFileSync(manifest, 'utf8'));

export async function resolve(specifier, context, nextResolve) {
  const isOurs = specifier.startsWith(`${name}/`);
  const from = isOurs ? { ...context, parentURL: manifest.href } : context;
  const resolved = await nextResolve(specifier, from);
  const isTypeScript = resolved.url.startsWith('file:') && /\.ts($|\?)/.test(resolved.url);
  return isTypeScript && resolved.format !== 'module'
    ? { ...resolved, format: 'module' }
    : resolved;
}
