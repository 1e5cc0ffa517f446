// Which part may import which (docs/architecture.md). A part is named by the start of its path.
const OURS = '^(src|flows|workers|test|ops|docs)/';

/** `from` may import itself and `to`, nothing else of this project. */
const mayImportOnly = (from, to) => ({
  name: `${from.replaceAll('/', '-').replace(/-$/, '')}-imports-only-what-it-may`,
  severity: 'error',
  from: { path: `^${from}` },
  to: { path: OURS, pathNot: [`^${from}`, ...to.map((start) => `^${start}`)] },
});

const PORT = 'src/platforms/port\\.ts$';

export default {
  forbidden: [
    mayImportOnly('src/errors/', []),
    mayImportOnly('src/redis/', ['src/errors/']),
    mayImportOnly('src/yaml/', ['src/errors/']),
    mayImportOnly('src/http-client/', ['src/errors/']),
    mayImportOnly('src/secrets/', ['src/errors/']),
    mayImportOnly('src/observability/', ['src/errors/']),
    mayImportOnly('src/orders/', ['src/redis/', 'src/errors/']),
    mayImportOnly('src/targets/', [PORT, 'src/redis/', 'src/errors/']),
    mayImportOnly('src/simulators/', []),
    mayImportOnly('flows/', ['src/orders/', PORT, 'src/redis/', 'src/errors/']),
    mayImportOnly('src/ledger/', ['src/orders/', 'src/redis/', 'src/errors/']),
    mayImportOnly('src/audits/', ['src/ledger/', 'src/orders/', 'flows/', PORT, 'src/redis/', 'src/errors/']),
    mayImportOnly('src/intake/', ['src/orders/', 'flows/', 'src/targets/', PORT, 'src/secrets/', 'src/errors/']),
    mayImportOnly('src/config/', ['src/platforms/(port|registry)\\.ts$', 'src/errors/', 'src/secrets/', 'src/yaml/']),
    mayImportOnly('src/collector/', ['src/config/', 'src/observability/', 'src/redis/', 'src/errors/']),
    mayImportOnly('src/api/', [
      'src/audits/',
      'src/intake/',
      'src/ledger/',
      'src/orders/',
      'src/collector/',
      'flows/',
      'src/targets/',
      PORT,
      'src/config/',
      'src/secrets/',
      'src/observability/',
      'src/redis/',
      'src/errors/',
    ]),
    {
      name: 'workers-do-not-import-the-api',
      severity: 'error',
      from: { path: '^workers/' },
      to: { path: '^(src/(api|cli|simulators)|test|ops)/' },
    },
    {
      name: 'the-engine-knows-no-platform',
      severity: 'error',
      from: { path: '^(flows|workers)/' },
      to: { path: '^src/platforms/[^/]+/' },
    },
    {
      name: 'a-platform-imports-only-the-port-errors-and-the-http-client',
      severity: 'error',
      from: { path: '^src/platforms/([^/]+)/' },
      to: {
        path: OURS,
        pathNot: [
          '^src/platforms/($1/|soap/|operations/|(check-faults|destination|once-cache|plain|plan-steps|quotable|scalars|shared-login|single-forward|turns)\\.ts$)',
          `^${PORT}`,
          '^src/errors/',
          '^src/http-client/',
          '^src/yaml/',
        ],
      },
    },
    {
      name: 'the-port-imports-only-errors',
      severity: 'error',
      from: { path: `^${PORT}` },
      to: {
        path: OURS,
        pathNot: ['^src/errors/', '^src/platforms/(order-content|secret-paths|stage|step-kinds|wire-profile)\\.ts$'],
      },
    },
    {
      name: 'platforms-are-known-by-the-registry-only',
      severity: 'error',
      from: { path: '^(src|flows|workers)/', pathNot: ['^src/platforms/'] },
      to: { path: '^src/platforms/[^/]+/' },
    },
    {
      name: 'simulators-are-started-by-the-command-line-and-tests-only',
      severity: 'error',
      from: { pathNot: ['^src/(simulators|cli)/', '^test/', '^ops/'] },
      to: { path: '^src/simulators/' },
    },
    {
      name: 'the-command-line-is-the-top',
      severity: 'error',
      from: { pathNot: ['^src/cli/', '^test/', '^ops/'] },
      to: { path: '^src/cli/' },
    },
    {
      name: 'the-product-does-not-import-tests',
      severity: 'error',
      from: { pathNot: ['^test/'] },
      to: { path: '^test/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'everything-is-found', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'the-product-needs-no-development-package',
      severity: 'error',
      from: { path: '^(src|flows|workers)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    // The compiler this project uses has no API for other programs; this parser reads TypeScript without one.
    parser: 'swc',
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'default', 'types'],
    },
  },
};
