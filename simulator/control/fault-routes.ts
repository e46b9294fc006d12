import { type FastifyInstance } from 'fastify';
import { pathId } from '../appmax/validation';
import { faultSchema } from '../faults/fault';
import { type Simulator } from '../simulator';
import { ControlError, controlInput } from './control-error';

/** Registers the control routes for faults and late effects. */
export function registerFaultControl(app: FastifyInstance, simulator: Simulator): void {
  const { faults, lateEffects } = simulator;
  app.get('/faults', () => ({ faults: faults.list() }));
  app.post('/faults', (request, reply) =>
    reply.code(201).send(faults.add(controlInput(faultSchema, request.body))),
  );
  app.delete('/faults', () => {
    faults.clear();
    return { faults: [] };
  });
  app.delete('/faults/:id', (request) => {
    const id = pathId((request.params as { id: string }).id);
    if (id === null || !faults.remove(id)) throw new ControlError(404, 'fault not found');
    return { faults: faults.list() };
  });
  app.get('/late-effects', () => ({ pending: lateEffects.pending }));
  app.post('/late-effects', async () => ({ ran: await lateEffects.runAll() }));
}
