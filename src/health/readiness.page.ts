import { markup, page } from '../common/http/page';
import type { Language } from '../common/http/preferences';
import type { Readiness } from './readiness.service';

type Part = 'database' | 'migrations' | 'cache' | 'background';

const TEXTS = {
  'pt-BR': {
    running: 'Em execução',
    runningText: 'O serviço está em execução.',
    readiness: 'Ver o estado de cada parte',
    ready: 'Pronto',
    readyText: 'O serviço está pronto.',
    notReady: 'Não está pronto',
    notReadyText: 'O serviço está em execução, mas nem todas as partes funcionam.',
    parts: {
      database: 'PostgreSQL',
      migrations: 'Tabelas do banco de dados',
      cache: 'Cache',
      background: 'Trabalho em segundo plano',
    },
    states: {
      up: 'Funciona',
      down: 'Não responde',
      'up to date': 'Atualizadas',
      pending: 'Faltam migrações',
      unknown: 'Desconhecido',
      running: 'Funciona',
      stalled: 'Parado',
    },
  },
  en: {
    running: 'Running',
    runningText: 'The service is running.',
    readiness: 'See the state of each part',
    ready: 'Ready',
    readyText: 'The service is ready.',
    notReady: 'Not ready',
    notReadyText: 'The service runs, but not all of its parts work.',
    parts: {
      database: 'PostgreSQL',
      migrations: 'Tables of the database',
      cache: 'Cache',
      background: 'Background work',
    },
    states: {
      up: 'Up',
      down: 'Down',
      'up to date': 'Up to date',
      pending: 'Migrations are missing',
      unknown: 'Unknown',
      running: 'Running',
      stalled: 'Stalled',
    },
  },
} as const satisfies Record<
  Language,
  Readonly<Record<string, unknown>> & {
    readonly parts: Readonly<Record<Part, string>>;
    readonly states: Readonly<Record<Readiness[Part], string>>;
  }
>;

const GOOD: ReadonlySet<Readiness[Part]> = new Set(['up', 'up to date', 'running'] as const);

/** Renders the liveness page for browsers. */
export function livenessPage(_: unknown, language: Language = 'en'): string {
  const { running, runningText, readiness } = TEXTS[language];
  const link = markup`<p><a href="/health/ready?lang=${language}">${readiness}</a></p>`;
  return page(running, [runningText, link], language, { query: {} });
}

/** Renders the readiness page for browsers. */
export function readinessPage(readiness: Readiness, language: Language = 'en'): string {
  const texts = TEXTS[language];
  const lines = (['database', 'migrations', 'cache', 'background'] as const).map((part) => {
    const state = readiness[part];
    return markup`<li><div class="check"><span>${texts.parts[part]}</span><span class="badge ${GOOD.has(state) ? 'good' : 'bad'}">${texts.states[state]}</span></div></li>`;
  });
  const isReady = readiness.status === 'ok';
  return page(
    isReady ? texts.ready : texts.notReady,
    [isReady ? texts.readyText : texts.notReadyText, markup`<ul class="checks">${lines}</ul>`],
    language,
    { query: {} },
  );
}
