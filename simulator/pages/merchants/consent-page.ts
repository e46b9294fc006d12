import { type Installation } from '../../installation/installation-store';
import { type Html, html } from '../html/html';
import { merchantFrame } from './merchant-frame';

/** The page on which a merchant authorizes the app for a store. */
export function consentPage(installation: Installation): Html {
  const { externalKey, callbackUrl } = installation;
  return merchantFrame(
    'Instalar aplicativo',
    html`<p>
        O aplicativo em <strong>${new URL(callbackUrl).host}</strong> quer receber pagamentos em nome da sua
        loja <strong>${externalKey}</strong>.
      </p>
      <p>Ele poderá:</p>
      <ul class="permissions">
        <li>Criar clientes, pedidos e cobranças</li>
        <li>Consultar pedidos e solicitar estornos</li>
        <li>Receber notificações sobre os pedidos</li>
      </ul>
      <form method="post">
        <label
          >E-mail <input name="email" type="email" value="loja@example.com" autocomplete="username" required
        /></label>
        <label
          >Senha <input name="password" type="password" value="simulador" autocomplete="off" required
        /></label>
        <label>
          Loja
          <select name="store_name">
            <option>Loja ${externalKey}</option>
            <option>Loja Centro</option>
            <option>Loja Online</option>
          </select>
        </label>
        <button class="primary" type="submit">Autorizar e salvar</button>
        <details class="note">
          <summary>Opções do simulador</summary>
          <label>
            Respostas da API para esta loja
            <select name="api">
              <option value="">padrão do simulador</option>
              <option value="g1">G1</option>
              <option value="g2">G2</option>
            </select>
          </label>
        </details>
      </form>
      <p class="note">Nada aqui é real: qualquer e-mail e qualquer senha servem.</p>`,
  );
}

/** The page for a hash that is unknown, expired or used. */
export function unknownInstallationPage(): Html {
  return merchantFrame(
    'Instalação não encontrada',
    html`<p>
      Este link não existe, expirou ou já foi usado. Comece a instalação novamente pelo aplicativo.
    </p>`,
  );
}
