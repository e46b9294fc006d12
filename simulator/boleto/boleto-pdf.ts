import PDFDocument from 'pdfkit';
import { readableCents } from '../common/money';
import { type BoletoPayment, type Order } from '../orders/order';
import { barcodeBars } from './barcode-bars';
import { readableLine } from './digitable-line';

const LEFT = 40;
const WIDTH = 515;
const ROW = 34;
const BAR_HEIGHT = 37;
const NARROW = 1;
const WIDE = 3;

type Cell = readonly [label: string, value: string, share: number];

function drawRow(pdf: PDFKit.PDFDocument, top: number, cells: readonly Cell[]): void {
  let left = LEFT;
  for (const [label, value, share] of cells) {
    const width = WIDTH * share;
    pdf.rect(left, top, width, ROW).lineWidth(0.5).stroke();
    pdf
      .font('Helvetica')
      .fontSize(6.5)
      .text(label, left + 4, top + 4, { width: width - 8, lineBreak: false });
    pdf
      .font('Helvetica-Bold')
      .fontSize(9.5)
      .text(value, left + 4, top + 16, { width: width - 8, height: 12, ellipsis: true });
    left += width;
  }
}

function drawBars(pdf: PDFKit.PDFDocument, code: string, top: number): void {
  let left = LEFT;
  for (const { wide, bar } of barcodeBars(code)) {
    const width = wide ? WIDE : NARROW;
    if (bar) pdf.rect(left, top, width, BAR_HEIGHT).fill('#000000');
    left += width;
  }
}

function brazilianDate(date: string): string {
  return date.split('-').reverse().join('/');
}

/**
 * Draws a boleto on one A4 page, as a shopper gets it.
 * @returns the PDF's bytes
 */
export async function boletoPdf(order: Order, payment: BoletoPayment): Promise<Buffer> {
  const pdf = new PDFDocument({ size: 'A4', margin: LEFT, info: { Title: `Boleto ${payment.id}` } });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const finished = new Promise<void>((resolve, reject) => pdf.on('end', resolve).on('error', reject));
  const { merchant, customer } = order;
  const { first_name, last_name } = customer.details;
  const issued = new Date(payment.createdAt).toISOString().slice(0, 10);

  pdf.font('Helvetica-Bold').fontSize(18).text('999-9', LEFT, 60, { lineBreak: false });
  pdf.fontSize(12).text(readableLine(payment.digitableLine), LEFT, 64, { width: WIDTH, align: 'right' });
  pdf
    .moveTo(LEFT, 84)
    .lineTo(LEFT + WIDTH, 84)
    .lineWidth(1.5)
    .stroke();
  drawRow(pdf, 90, [
    ['Local de pagamento', 'Em nenhum banco: boleto de um simulador', 0.7],
    ['Vencimento', brazilianDate(payment.dueDate), 0.3],
  ]);
  drawRow(pdf, 90 + ROW, [
    ['Beneficiário', `${merchant.storeName} – CNPJ ${merchant.documentNumber}`, 0.7],
    ['Nosso número', String(payment.id), 0.3],
  ]);
  drawRow(pdf, 90 + 2 * ROW, [
    ['Data do documento', brazilianDate(issued), 0.25],
    ['Número do documento', String(order.id), 0.25],
    ['Espécie', 'R$', 0.2],
    ['(=) Valor do documento', readableCents(payment.amount), 0.3],
  ]);
  drawRow(pdf, 90 + 3 * ROW, [['Instruções', 'Documento sem valor, emitido pelo simulador da Appmax.', 1]]);
  drawRow(pdf, 90 + 4 * ROW, [['Pagador', `${first_name} ${last_name} – ${payment.documentNumber}`, 1]]);
  drawBars(pdf, payment.barcode, 90 + 5 * ROW + 20);
  pdf.end();
  await finished;
  return Buffer.concat(chunks);
}
