import { type FastifyInstance } from 'fastify';
import { pathId } from '../appmax/validation';
import { ControlError } from '../control/control-error';
import { type Simulator } from '../simulator';
import { boletoPdf } from './boleto-pdf';

/** Registers `GET /boletos/{id}.pdf`, the link in the response to a boleto payment. */
export function registerBoletoRoutes(app: FastifyInstance, simulator: Simulator): void {
  app.get('/boletos/:file', async (request, reply) => {
    const { file } = request.params as { file: string };
    const id = file.endsWith('.pdf') ? pathId(file.slice(0, -'.pdf'.length)) : null;
    const found = id === null ? undefined : simulator.orders.findBoleto(id);
    if (found === undefined) throw new ControlError(404, 'boleto not found');
    const bytes = await boletoPdf(found.order, found.payment);
    return reply
      .headers({
        'content-type': 'application/pdf',
        'content-disposition': `inline; filename="boleto-${file}"`,
      })
      .send(bytes);
  });
}
