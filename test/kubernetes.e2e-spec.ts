import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import ts from 'typescript';

const PROJECT = join(__dirname, '..');
const FOLDERS = ['base', 'migrate'] as const;
type Folder = (typeof FOLDERS)[number];

/** A resource of Kubernetes, as a manifest has it. */
interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: Record<string, unknown>;
  readonly data?: Record<string, string>;
}

interface Kustomization {
  readonly namespace: string;
  readonly resources: string[];
  readonly images: { name: string; newName: string; newTag: string }[];
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: string[];
  readonly ports?: { name: string; containerPort: number }[];
  readonly envFrom: { configMapRef?: { name: string }; secretRef?: { name: string } }[];
  readonly resources: { requests: Record<string, string>; limits: Record<string, string> };
  readonly lifecycle?: { preStop: { exec: { command: string[] } } };
  readonly securityContext: object;
  readonly [probe: `${string}Probe`]: { httpGet: { path: string; port: string } };
}

interface PodSpec {
  readonly automountServiceAccountToken: boolean;
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: object;
  readonly containers: Container[];
}

const folderOf = (folder: Folder): string => join(PROJECT, 'deploy', 'kubernetes', folder);
const read = (folder: Folder, file: string): string => readFileSync(join(folderOf(folder), file), 'utf8');
const kustomizationOf = (folder: Folder): Kustomization =>
  load(read(folder, 'kustomization.yaml')) as Kustomization;
const manifestsOf = (folder: Folder): Manifest[] =>
  kustomizationOf(folder).resources.flatMap((file) => loadAll(read(folder, file)) as Manifest[]);

const MANIFESTS = FOLDERS.flatMap(manifestsOf);
const find = (kind: string): Manifest => MANIFESTS.find((manifest) => manifest.kind === kind)!;
const podOf = ({ spec }: Manifest): { metadata: { labels: Record<string, string> }; spec: PodSpec } =>
  spec!['template'] as ReturnType<typeof podOf>;

/** The module of `kubernetes-types` that declares a resource, such as `apps/v1`. */
function moduleOf({ apiVersion }: Manifest): string {
  const [group = '', version] = apiVersion.split('/');
  return `kubernetes-types/${version === undefined ? `core/${group}` : `${group.split('.')[0]!}/${version}`}`;
}

/**
 * Checks manifests by the types that are generated from the API's schemas: as a literal of its type, a manifest may have
 * no unknown field, must have the required ones, and each value has the right type.
 *
 * @returns the faults; none if all are valid.
 */
function faultsOf(manifests: readonly Manifest[]): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-manifests-'));
  try {
    symlinkSync(join(PROJECT, 'node_modules'), join(directory, 'node_modules'));
    const file = join(directory, 'manifests.ts');
    writeFileSync(
      file,
      manifests
        .map(
          (manifest, index) =>
            `import type { ${manifest.kind} as K${index} } from '${moduleOf(manifest)}';\n` +
            `export const m${index}: K${index} = ${JSON.stringify(manifest, null, 2)};`,
        )
        .join('\n'),
    );
    const program = ts.createProgram([file], {
      strict: true,
      noEmit: true,
      types: [],
      lib: ['lib.es5.d.ts'],
      skipLibCheck: true,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const KUBECTL = spawnSync('kubectl', ['kustomize', '--help']).status === 0;

describe('The manifests for Kubernetes', () => {
  it('every manifest is valid by the schemas of the API, and a fault would be found', () => {
    expect(MANIFESTS.map(({ kind }) => kind).sort()).toEqual([
      'ConfigMap',
      'Deployment',
      'HorizontalPodAutoscaler',
      'Job',
      'Namespace',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
    ]);
    const broken = MANIFESTS.map(
      (manifest) =>
        JSON.parse(
          JSON.stringify(manifest)
            .replace('"readOnlyRootFilesystem"', '"readonlyRootFilesystem"')
            .replace('"scaleTargetRef"', '"scaleTarget"')
            .replace('"containerPort":8080', '"containerPort":"8080"'),
        ) as Manifest,
    );
    const [faults, ofBroken] = [faultsOf(MANIFESTS), faultsOf(broken)];
    expect(faults).toEqual([]);
    for (const field of ['readonlyRootFilesystem', 'scaleTarget', "'number'"])
      expect(ofBroken.join('\n')).toContain(field);
  });

  it.each(FOLDERS)(
    'the kustomization of %s has all files of its folder, and replaces its images',
    (folder) => {
      const { namespace, resources, images } = kustomizationOf(folder);
      const files = readdirSync(folderOf(folder)).filter((file) => file !== 'kustomization.yaml');
      expect([...resources].sort()).toEqual(files.sort());
      expect(namespace).toBe(find('Namespace').metadata.name);
      const used = manifestsOf(folder).flatMap((manifest) =>
        ['Deployment', 'Job'].includes(manifest.kind)
          ? podOf(manifest).spec.containers.map(({ image }) => image)
          : [],
      );
      expect(images.map(({ name }) => name)).toEqual([...new Set(used)]);
      const { version } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
        version: string;
      };
      for (const { newTag } of images) expect(newTag).toBe(version);
    },
  );

  (KUBECTL ? it.each(FOLDERS) : it.skip.each(FOLDERS))(
    'what kubectl builds of %s is valid and is in the namespace, with the real image',
    (folder) => {
      const built = execFileSync('kubectl', ['kustomize', folderOf(folder)], { encoding: 'utf8' });
      const manifests = loadAll(built) as Manifest[];
      expect(faultsOf(manifests)).toEqual([]);
      expect(manifests).toHaveLength(manifestsOf(folder).length);
      for (const { kind, metadata } of manifests)
        if (kind !== 'Namespace') expect(metadata.namespace).toBe('appmax-checkout');
      expect(built).toContain('image: registry.example.com/appmax-checkout:1.0.0');
      expect(built).not.toMatch(/image: appmax-checkout$/m);
    },
  );

  it.each(['Deployment', 'Job'])('the containers of the %s have no rights, and a memory limit', (kind) => {
    const { automountServiceAccountToken, securityContext, containers } = podOf(find(kind)).spec;
    expect(automountServiceAccountToken).toBe(false);
    expect(securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    for (const container of containers) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources.limits['memory']).toMatch(/^\d+Mi$/);
      expect(container.envFrom).toEqual([
        { configMapRef: { name: find('ConfigMap').metadata.name } },
        { secretRef: { name: 'appmax-checkout-secrets' } },
      ]);
    }
  });

  it('a pod has the time to answer the longest call, and each probe asks a route that checks only the process', () => {
    const { terminationGracePeriodSeconds, containers } = podOf(find('Deployment')).spec;
    const [container] = containers as [Container];
    const [, pause = ''] = container.lifecycle!.preStop.exec.command;
    const example = readFileSync(join(PROJECT, '.env.example'), 'utf8');
    const [, longestCall = ''] = /^APPMAX_CARD_TIMEOUT=(\d+)$/m.exec(example) ?? [];
    expect(Number(longestCall)).toBeGreaterThan(0);
    expect(terminationGracePeriodSeconds).toBeGreaterThan(Number(pause) + Number(longestCall));
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const)
      expect(container[probe]?.httpGet).toEqual({ path: '/health', port: 'http' });
  });

  it('the parts name each other by labels and ports that exist', () => {
    const { metadata, spec } = podOf(find('Deployment'));
    const [container] = spec.containers as [Container];
    const service = find('Service').spec as { selector: object; ports: { targetPort: string }[] };
    expect(metadata.labels).toMatchObject(service.selector);
    expect(container.ports).toEqual([{ name: 'http', containerPort: 8080 }]);
    expect(service.ports.map(({ targetPort }) => targetPort)).toEqual(['http']);

    const budget = find('PodDisruptionBudget').spec as { selector: { matchLabels: object } };
    expect(metadata.labels).toMatchObject(budget.selector.matchLabels);
    // The Service and the disruption budget must not count the pod of the migration.
    expect(podOf(find('Job')).metadata.labels).not.toMatchObject(service.selector);

    const target = (find('HorizontalPodAutoscaler').spec as { scaleTargetRef: object }).scaleTargetRef;
    const { apiVersion, kind } = find('Deployment');
    expect(target).toEqual({ apiVersion, kind, name: find('Deployment').metadata.name });

    const policy = find('NetworkPolicy').spec as {
      podSelector: { matchLabels: object };
      ingress: { ports: { port: number }[] }[];
      egress: { ports: { port: number }[] }[];
    };
    for (const workload of ['Deployment', 'Job'])
      expect(podOf(find(workload)).metadata.labels).toMatchObject(policy.podSelector.matchLabels);
    expect(policy.ingress.flatMap(({ ports }) => ports.map(({ port }) => port))).toEqual([8080]);
    expect(new Set(policy.egress.flatMap(({ ports }) => ports.map(({ port }) => port)))).toEqual(
      new Set([53, 5432, 6379, 443]),
    );
  });

  it('the settings exist, are not secret, and leave connections of PostgreSQL free at the largest size', () => {
    const example = readFileSync(join(PROJECT, '.env.example'), 'utf8');
    const settings = find('ConfigMap').data!;
    for (const [name, value] of Object.entries(settings)) {
      expect(example).toMatch(new RegExp(`^#? ?${name}=`, 'm'));
      expect(name).not.toMatch(/PASSWORD|SECRET|KEY|TOKEN/);
      expect(typeof value).toBe('string');
    }
    const { maxReplicas } = find('HorizontalPodAutoscaler').spec as { maxReplicas: number };
    // One more of each instance listens; PostgreSQL has 100, and operators and the migration need some.
    expect(maxReplicas * (Number(settings['DB_MAX_OPEN_CONNS']) + 1)).toBeLessThanOrEqual(80);
    expect(podOf(find('Job')).spec.containers[0]!.command).toContain('migration:run');
    expect(settings['RUN_MIGRATIONS']).toBe('false');
  });
});
