/** Who may import whom: docs/architecture.md says why. Each room lists the rooms it may reach. */
const rooms = {
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
  checkout: ['config', 'common', 'appmax', 'idempotency', 'installations', 'orders', 'payments'],
  admin: ['config', 'common', 'database', 'installations', 'orders', 'payments', 'webhooks'],
  metrics: ['config', 'common'],
};

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `${room}-reaches-only-its-rooms`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: `^src/(${[room, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphan', severity: 'error', from: { orphan: true, path: '^src/' }, to: {} },
    {
      name: 'appmax-knows-no-database',
      severity: 'error',
      from: { path: '^src/(appmax|common|config)/' },
      to: { path: 'node_modules/(typeorm|@nestjs/typeorm|pg)/' },
    },
    {
      name: 'foreign-entities-stay-home',
      comment:
        "Across domains only services and their types are imported, never another's entity, DTO or repository.",
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: {
        path: '^src/(installations|orders|webhooks|idempotency)/.*(\\.entity|\\.dto|\\.repository)\\.ts$',
        pathNot: '^src/$1/',
      },
    },
    {
      name: 'simulator-stands-alone',
      severity: 'error',
      from: { path: '^simulator/' },
      to: { path: '^(src|test|migrations|quickstart)/' },
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
