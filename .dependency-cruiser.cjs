/** Who may import whom: docs/architecture.md says why. Each module lists the modules that it may reach. */
const modules = {
  config: [],
  common: [],
  logging: ['config', 'common'],
  database: ['config', 'common', 'metrics'],
  cache: ['config', 'common'],
  limits: ['config', 'common', 'cache'],
  appmax: ['config', 'cache', 'common'],
  idempotency: ['config', 'database', 'common'],
  installations: ['config', 'common', 'database', 'cache', 'appmax', 'idempotency'],
  orders: ['config', 'common', 'database', 'cache', 'appmax', 'installations', 'metrics'],
  payments: [
    'config',
    'common',
    'database',
    'cache',
    'appmax',
    'idempotency',
    'installations',
    'orders',
    'metrics',
  ],
  webhooks: ['config', 'common', 'database', 'cache', 'installations', 'orders', 'metrics'],
  health: ['config', 'common', 'database', 'cache'],
  pages: ['config', 'common', 'installations', 'orders', 'webhooks'],
  checkout: ['config', 'common', 'cache', 'database', 'appmax', 'idempotency', 'installations', 'orders', 'payments'],
  keys: ['config', 'common', 'database'],
  admin: ['config', 'common', 'database', 'appmax', 'keys', 'installations', 'orders', 'payments', 'webhooks'],
  metrics: ['config', 'common'],
};

const moduleRules = Object.entries(modules).map(([module, allowed]) => ({
  name: `${module}-imports-only-its-modules`,
  severity: 'error',
  from: { path: `^src/${module}/` },
  to: { path: '^src/', pathNot: `^src/(${[module, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...moduleRules,
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphan', severity: 'error', from: { orphan: true, path: '^src/' }, to: {} },
    {
      name: 'appmax-knows-no-database',
      severity: 'error',
      from: { path: '^src/(appmax|common|config)/' },
      to: { path: 'node_modules/(typeorm|@nestjs/typeorm|pg)/' },
    },
    {
      name: 'modules-are-entered-by-index',
      comment: "Other modules import only a module's index.ts. common has none: it is a library.",
      severity: 'error',
      from: { path: '^src/([^/]+)' },
      to: { path: '^src/(?!common/)[^/]+/.+', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'no-module-enters-itself-by-index',
      comment: 'Files of one module import each other directly; imports of their index.ts would be circular.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/$1/index\\.ts$' },
    },
    {
      name: 'simulator-stands-alone',
      severity: 'error',
      from: { path: '^simulator/' },
      to: { path: '^(src|test|migrations|quickstart)/' },
    },
    {
      name: 'web-stands-alone',
      comment: 'Browser code; the service sends its built files.',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(src|simulator|test|migrations|quickstart)/' },
    },
    {
      name: 'nothing-imports-web',
      severity: 'error',
      from: { path: '^(src|simulator|migrations|quickstart)/' },
      to: { path: '^web/' },
    },
    {
      name: 'nothing-imports-simulator-or-test',
      comment: 'Specs share their fixtures with those in test; they are not built.',
      severity: 'error',
      from: { path: '^(src|migrations|quickstart)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(simulator|test)/' },
    },
    {
      name: 'migrations-stand-alone',
      severity: 'error',
      from: { path: '^migrations/' },
      to: { path: '^(src|test)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ['require', 'node', 'default'] },
  },
};
