import { SECRET_KEY, type TestService } from './service';

/** Reads an instance's metrics: the value of each sample by its name and labels, as Prometheus writes them. */
export async function metricsOf(service: TestService): Promise<ReadonlyMap<string, number>> {
  const { status, text } = await service.send('GET', '/metrics', { secretKey: SECRET_KEY });
  if (status !== 200) throw new Error(`The metrics were answered with ${status}`);
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}
