#!/usr/bin/env node
// Some registries lack the optional packages of other operating systems. npm then writes a lockfile without them
// and `npm ci` refuses that very lockfile ("Missing: … from lock file"). This adds the missing entries, by name,
// version, os and cpu; npm skips them on every machine they are not for.
//
//   node ops/lockfile/mend.mjs           mend package-lock.json
//   node ops/lockfile/mend.mjs --check   exit 1 when mending would change something
//
// Not needed any more once npm writes lock entries for optional packages it could not fetch.
import { readFileSync, writeFileSync } from 'node:fs';

const LOCKFILE = new URL('../../package-lock.json', import.meta.url);
const OPERATING_SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

/** The lock paths at which a package at `path` would find `name`, nearest first. */
function candidatePaths(path, name) {
  if (!path) return [`node_modules/${name}`];
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/')));
  return [`${path}/node_modules/${name}`, ...candidatePaths(parent, name)];
}

function missingEntries(packages) {
  const missing = new Map();
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!EXACT.test(version)) continue;
      const places = candidatePaths(path, name);
      if (places.some((place) => (packages[place] ?? missing.get(place))?.version === version)) continue;
      const words = name.split(/[^a-z0-9]+/);
      const os = OPERATING_SYSTEMS.filter((word) => words.includes(word));
      const cpu = PROCESSORS.filter((word) => words.includes(word));
      const top = places.at(-1);
      const place = packages[top] || missing.has(top) ? places[0] : top;
      missing.set(place, { version, optional: true, ...(os.length && { os }), ...(cpu.length && { cpu }) });
    }
  }
  return missing;
}

const lock = JSON.parse(readFileSync(LOCKFILE, 'utf8'));
const missing = missingEntries(lock.packages);
if (missing.size === 0) {
  console.log('package-lock.json: complete');
} else if (process.argv.includes('--check')) {
  console.error(
    `package-lock.json lacks ${missing.size} optional packages: run "node ops/lockfile/mend.mjs"\n  ${[...missing.keys()].join('\n  ')}`,
  );
  process.exitCode = 1;
} else {
  const entries = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) });
  entries.sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(LOCKFILE, `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, null, 2)}\n`);
  console.log(`package-lock.json: added ${missing.size} optional packages`);
}
