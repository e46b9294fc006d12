import type { Language } from '../common/http/preferences';
import type { Setting, SetupState, SetupStep } from './setup';

/** The texts of a step of the checklist: its name, and what to do while it is not done. */
type StepTexts = readonly [name: string, todo: string];

interface HomeTexts {
  readonly intro: string;
  readonly environments: Readonly<Record<'sandbox' | 'production', StepTexts>>;
  readonly urls: string;
  readonly urlsIntro: string;
  readonly callback: string;
  readonly callbackHint: string;
  readonly webhook: string;
  readonly webhookHint: string;
  readonly webhookGuide: string;
  readonly install: string;
  readonly installHint: string;
  readonly checklist: string;
  readonly keyIntro: string;
  readonly states: Readonly<Record<SetupState, string>>;
  readonly steps: Readonly<Record<SetupStep, StepTexts>>;
  /** The functions that do not work without a setting. */
  readonly without: Readonly<Record<Setting, string>>;
  readonly next: string;
  readonly startInstall: string;
  readonly api: string;
  readonly document: string;
}

export const HOME_TEXTS: Readonly<Record<Language, HomeTexts>> = {
  'pt-BR': {
    intro:
      'Este serviço vende pela Appmax: lojistas o instalam pela App Store, compradores pagam com cartão, Pix ou boleto, e cada pedido tem o status que a Appmax informa.',
    environments: {
      sandbox: ['Sandbox', 'Ambiente de testes da Appmax: nenhum pagamento é real.'],
      production: ['Produção', 'Ambiente de produção da Appmax: os pagamentos são reais.'],
    },
    urls: 'Endereços para registrar na Appmax',
    urlsIntro: 'Copie cada endereço exatamente como está.',
    callback: 'URL de callback do aplicativo',
    callbackHint: 'A Appmax valida este endereço e envia para ele os lojistas que instalaram o aplicativo.',
    webhook: 'Webhook',
    webhookHint: 'O endereço completo tem um token, que só aparece com uma chave secreta.',
    webhookGuide: 'Como registrar o webhook',
    install: 'Início da instalação',
    installHint: 'O link para os lojistas, com app_id e external_key.',
    checklist: 'O que já está configurado',
    keyIntro: 'A lista do que está configurado e do que falta aparece com uma chave secreta.',
    states: { done: 'Pronto', missing: 'Falta', unknown: 'Não verificado' },
    steps: {
      settings: ['Variáveis do ambiente', 'Defina estas variáveis e reinicie o serviço:'],
      database: ['PostgreSQL', 'O banco de dados não responde. Veja o log do serviço.'],
      migrations: ['Tabelas do banco de dados', 'Execute as migrações.'],
      cache: ['Cache', 'O cache não responde. Veja o log do serviço.'],
      background: ['Trabalho em segundo plano', 'Uma tarefa parou. O log do serviço diz qual.'],
      publicUrl: [
        'Endereço público (APP_URL)',
        'A Appmax só alcança um endereço HTTPS da internet. Para testar, use um túnel (NGROK_URL) ou o simulador.',
      ],
      credentials: [
        'Credenciais do aplicativo na Appmax',
        'A Appmax não aceitou APPMAX_CLIENT_ID e APPMAX_CLIENT_SECRET, ou não respondeu. Confira também se são deste ambiente.',
      ],
      installation: ['Primeira instalação', 'Nenhuma loja instalou o aplicativo ainda.'],
      webhook: ['Primeiro webhook', 'Nenhum webhook chegou ainda. Registre o endereço acima na Appmax.'],
      sale: [
        'Primeira venda',
        'Nenhum pedido foi pago ainda. Crie uma sessão de checkout de valor baixo e pague na página dela.',
      ],
    },
    without: {
      APPMAX_APP_ID_UUID: 'sem ela não há instalações',
      APPMAX_APP_ID_NUMERIC: 'sem ela a verificação da Appmax não é respondida',
      APPMAX_CLIENT_ID: 'sem ela não há instalações',
      APPMAX_CLIENT_SECRET: 'sem ela não há instalações',
      API_SECRET_KEYS: 'sem ela não há chave raiz para as rotas secretas',
      WEBHOOK_TOKEN: 'sem ela qualquer pessoa pode enviar webhooks',
    },
    next: 'Próximos passos',
    startInstall: 'Instalar para um lojista',
    api: 'A API',
    document: 'O documento OpenAPI',
  },
  en: {
    intro:
      'This service sells through Appmax: merchants install it from the App Store, shoppers pay by card, Pix or boleto, and each order has the status that Appmax reports.',
    environments: {
      sandbox: ['Sandbox', 'The test environment of Appmax: no payment is real.'],
      production: ['Production', 'The production environment of Appmax: payments are real.'],
    },
    urls: 'Addresses to register at Appmax',
    urlsIntro: 'Copy each address exactly as it is.',
    callback: 'Callback URL of the app',
    callbackHint: 'Appmax validates this address, and sends merchants here when they have installed the app.',
    webhook: 'Webhook',
    webhookHint: 'The complete address has a token, which is shown only with a secret key.',
    webhookGuide: 'How to register the webhook',
    install: 'Start of an installation',
    installHint: 'The link for merchants, with app_id and external_key.',
    checklist: 'What is set up',
    keyIntro: 'The list of what is set up and what is missing is shown with a secret key.',
    states: { done: 'Done', missing: 'Missing', unknown: 'Not checked' },
    steps: {
      settings: ['Environment variables', 'Set these variables and restart the service:'],
      database: ['PostgreSQL', 'The database does not answer. See the log of the service.'],
      migrations: ['Tables of the database', 'Run the migrations.'],
      cache: ['Cache', 'The cache does not answer. See the log of the service.'],
      background: ['Background work', 'A task has stopped. The log of the service names it.'],
      publicUrl: [
        'Public address (APP_URL)',
        'Appmax reaches only an HTTPS address of the internet. To try things out, use a tunnel (NGROK_URL) or the simulator.',
      ],
      credentials: [
        'Credentials of the app at Appmax',
        'Appmax did not accept APPMAX_CLIENT_ID and APPMAX_CLIENT_SECRET, or did not answer. Check also that they are of this environment.',
      ],
      installation: ['First installation', 'No shop has installed the app yet.'],
      webhook: ['First webhook', 'No webhook has arrived yet. Register the address above at Appmax.'],
      sale: [
        'First sale',
        'No order has been paid yet. Make a checkout session for a small amount, and pay on its page.',
      ],
    },
    without: {
      APPMAX_APP_ID_UUID: 'without it, installations cannot be started',
      APPMAX_APP_ID_NUMERIC: "without it, Appmax's health check cannot be answered",
      APPMAX_CLIENT_ID: 'without it, installations cannot be started',
      APPMAX_CLIENT_SECRET: 'without it, installations cannot be started',
      API_SECRET_KEYS: 'without it, there is no root key for the secret routes',
      WEBHOOK_TOKEN: 'without it, anyone can send webhooks',
    },
    next: 'Next steps',
    startInstall: 'Install it for a merchant',
    api: 'The API',
    document: 'The OpenAPI document',
  },
};
