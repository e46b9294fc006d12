/** The pages of the shop. Everything that is not ours is escaped. */
const escape = (text) => String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

export const reais = (cents) => (cents / 100).toLocaleString('pt-BR', { style: 'currency', currency: 'BRL' });

const page = (title, content, refreshSeconds) => `<!doctype html>
<html lang="pt-BR">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    ${refreshSeconds === undefined ? '' : `<meta http-equiv="refresh" content="${refreshSeconds}">`}
    <title>${escape(title)}</title>
  </head>
  <body>
    <h1>${escape(title)}</h1>
    ${content}
  </body>
</html>
`;

export function shopPage(products) {
  const rows = Object.values(products).map(
    ({ sku, name, unit_value }) =>
      `<p><label>${escape(name)}, ${reais(unit_value)}: <input type="number" name="${escape(sku)}" value="1" min="0" max="10"></label></p>`,
  );
  return page('Loja', `<form method="post" action="/buy">${rows.join('\n')}<button>Comprar</button></form>`);
}

export function orderPage({ items, session }) {
  const lines = items.map(({ quantity, name }) => `<li>${quantity} × ${escape(name)}</li>`).join('');
  const isWaiting = session.status === 'open';
  const text = {
    completed: 'Pago. Obrigado!',
    expired: 'O prazo do pagamento acabou.',
    open: `Aguardando o pagamento. <a href="${escape(session.url)}">Pagar</a>`,
  }[session.status];
  const content = `<ul>${lines}</ul><p>Total: ${reais(session.total_value)}</p><p>${text}</p><p><a href="/">Loja</a></p>`;
  return page('Seu pedido', content, isWaiting ? 5 : undefined);
}

export const errorPage = (message) =>
  page('Algo deu errado', `<p>${escape(message)}</p><p><a href="/">Loja</a></p>`);
