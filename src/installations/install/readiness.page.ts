import { page } from '../../common/http/page';
import type { Language } from '../../common/http/preferences';

/** The page for a browser that opens the callback's URL without parameters. */
export function readinessPage(_: unknown, language?: Language): string {
  return language === 'pt-BR'
    ? page(
        'Pronto',
        [
          'Este é o endereço para o qual a Appmax envia os lojistas de volta quando eles instalam o aplicativo. Ele responde, e não há nada a fazer aqui.',
        ],
        language,
      )
    : page('Ready', [
        'This is the address to which Appmax sends merchants back when they have installed the app. It is reachable, and there is nothing to do here.',
      ]);
}
