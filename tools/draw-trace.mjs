/**
 * Receives traces (OTLP over HTTP, as JSON) and draws the first payment by Pix and the first webhook that changes a
 * status, as SVG. The pictures of docs/tracing.md are made with it:
 *
 *     node tools/draw-trace.mjs docs/images
 *     OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 npm run quickstart
 *     npm run demo
 *
 * Ends when both are drawn. Arguments: the directory to write to, and the port (4318).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers';

const [directory = 'docs/images', port = '4318'] = process.argv.slice(2);
/** The time after the last span of a trace in which further spans may come. */
const COMPLETE_MILLISECONDS = 8_000;
const PICTURES = [
  {
    file: 'trace-payment.svg',
    title: 'A payment by Pix',
    needs: ['POST /checkout/:key/pay/pix', 'POST payments/pix'],
  },
  {
    file: 'trace-webhook.svg',
    title: 'A webhook, from its receipt to the status and the notification',
    needs: ['POST /webhooks/appmax', 'UPDATE orders', 'POST notification'],
  },
];
const COLORS = { 2: '#2563eb', 3: '#0d9488', 5: '#b45309' };
const [ROW, LABELS, BARS, MARGIN] = [22, 330, 620, 16];

const traces = new Map();
const drawn = new Set();

const escaped = (value) => String(value).replace(/&/g, '&amp;').replace(/</g, '&lt;');

/** Returns the spans of a trace with their depths, each parent before its children. */
function inSequence(spans) {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const byStart = (a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano));
  const below = (isChild, depth) =>
    spans
      .filter(isChild)
      .sort(byStart)
      .flatMap((span) => [
        { span, depth },
        ...below(({ parentSpanId }) => parentSpanId === span.spanId, depth + 1),
      ]);
  return below(({ parentSpanId = '' }) => !ids.has(parentSpanId), 0);
}

/** Draws a trace as bars over time. */
function svgOf(title, spans) {
  const rows = inSequence(spans);
  const start = Math.min(...spans.map((span) => Number(BigInt(span.startTimeUnixNano) / 1000n)));
  const end = Math.max(...spans.map((span) => Number(BigInt(span.endTimeUnixNano) / 1000n)));
  const at = (nanoseconds) => ((Number(BigInt(nanoseconds) / 1000n) - start) / (end - start)) * BARS;
  const width = LABELS + BARS + 90;
  const height = 70 + rows.length * ROW;
  const body = rows.map(({ span, depth }, index) => {
    const y = 58 + index * ROW;
    const [x, to] = [at(span.startTimeUnixNano), at(span.endTimeUnixNano)];
    const milliseconds = Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6;
    return `<text x="${MARGIN + depth * 14}" y="${y + 4}">${escaped(span.name)}</text>
<rect x="${(LABELS + x).toFixed(1)}" y="${y - 7}" width="${Math.max(2, to - x).toFixed(1)}" height="13" rx="2" fill="${COLORS[span.kind] ?? '#6b7280'}"/>
<text x="${(LABELS + to + 6).toFixed(1)}" y="${y + 4}" class="time">${milliseconds.toFixed(1)} ms</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
<style>text{font:12px ui-monospace,monospace;fill:#111827}.time{fill:#4b5563;font-size:11px}.title{font:bold 14px sans-serif}</style>
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="${MARGIN}" y="26" class="title">${escaped(title)}, ${((end - start) / 1000).toFixed(0)} ms</text>
${body.join('\n')}
</svg>
`;
}

function drawComplete() {
  for (const { file, title, needs } of PICTURES) {
    if (drawn.has(file)) continue;
    const found = [...traces.values()].find(
      ({ spans, lastAt }) =>
        Date.now() - lastAt > COMPLETE_MILLISECONDS &&
        needs.every((name) => spans.some((span) => span.name === name)),
    );
    if (found === undefined) continue;
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, file), svgOf(title, found.spans));
    console.log(`Drawn: ${join(directory, file)}, ${found.spans.length} spans`);
    drawn.add(file);
  }
  if (drawn.size === PICTURES.length) process.exit();
  setTimeout(drawComplete, 1_000);
}

createServer(async (request, response) => {
  const { resourceSpans } = JSON.parse(await text(request));
  for (const span of resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))) {
    const trace = traces.get(span.traceId) ?? { spans: [] };
    trace.spans.push(span);
    trace.lastAt = Date.now();
    traces.set(span.traceId, trace);
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
}).listen(Number(port), '127.0.0.1', () => {
  console.log(`Receiving traces at http://127.0.0.1:${port}`);
  drawComplete();
});
