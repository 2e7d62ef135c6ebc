// traefik exposes web applications through Ingress objects.
local component = import '../lib/component.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local class = 'traefik';
local pods = { matchLabels: { 'app.kubernetes.io/name': 'traefik' } };

// plain is a page whose service speaks HTTP.
local plain(page, platform) = kube.object('networking.k8s.io/v1', 'Ingress', page.name, page.namespace, {
  metadata+: { [if ingress.annotations(platform, page) != {} then 'annotations']: ingress.annotations(platform, page) },
  spec: {
    ingressClassName: class,
    [if ingress.overTLS(platform) then 'tls']: [{ hosts: [page.host], secretName: ingress.secret(page) }],
    rules: [{ host: page.host, http: { paths: [
      { path: '/', pathType: 'Prefix', backend: { service: { name: page.service, port: { number: page.port } } } },
    ] } }],
  },
});

// encrypted is a page whose service speaks TLS: an Ingress has no field for that.
local encrypted(page, platform) = [
  kube.object('traefik.io/v1alpha1', 'ServersTransport', page.name, page.namespace, { spec: {
    serverName: page.backendTLS.hostname,
    rootCAs: [{ secret: page.backendTLS.secret }],
  } }),
  kube.object('traefik.io/v1alpha1', 'IngressRoute', page.name, page.namespace, { spec: {
    entryPoints: [if ingress.overTLS(platform) then 'websecure' else 'web'],
    [if ingress.overTLS(platform) then 'tls']: { secretName: ingress.secret(page) },
    routes: [{
      kind: 'Rule',
      match: 'Host(`' + page.host + '`)',
      services: [{ kind: 'Service', name: page.service, port: page.port, scheme: 'https', serversTransport: page.name }],
    }],
  } }),
];

component(
  {
    name: 'traefik',
    purpose: 'exposes web applications through Ingress objects',
    capability: 'ingress',
    option: 'traefik',
  },
  { namespace: 'traefik', version: '41.3.0', replicas: tier(1, 2, 3) },
  function(p, platform)
    {
      stage: stages.ingress,
      crds: true,
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['docker.io/library/'],
      images: ['docker.io/traefik'],
      charts: [{
        repo: 'https://traefik.github.io/charts',
        name: 'traefik',
        version: p.version,
        includeCRDs: true,
        apiVersions: ['policy/v1/PodDisruptionBudget'],  // else the chart writes one that no cluster knows any more
        values: {
          deployment: { replicas: p.replicas },
          [if p.replicas > 1 then 'podDisruptionBudget']: { enabled: true, maxUnavailable: 1 },
          [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread({
            'app.kubernetes.io/name': 'traefik',
            'app.kubernetes.io/instance': 'traefik-' + p.namespace,
          }),
          ingressClass: { name: class, isDefaultClass: true },
          [if ingress.overTLS(platform) then 'ports']: {
            web: why(
              { http: { redirections: { entryPoint: { to: 'websecure', scheme: 'https', permanent: true } } } },
              'Plain HTTP leads to HTTPS, also for the ACME challenge: its servers follow.'
            ),
          },
          service: { spec: why(ingress.service(platform), ingress.serviceComment(platform)) },
          global: { checkNewVersion: why(false, 'Renovate tells of new versions; nothing needs to ask the internet for them.') },
          priorityClassName: why(kube.critical, kube.whyCritical),
          resources: kube.resources('100m', '128Mi', '512Mi'),
        },
      }],
      // Half of its CRDs are for a product that is sold beside it.
      patches: [{
        target: { kind: 'CustomResourceDefinition', name: '.*[.]hub[.]traefik[.]io' },
        patch: {
          '$patch': 'delete',
          apiVersion: 'apiextensions.k8s.io/v1',
          kind: 'CustomResourceDefinition',
          metadata: { name: 'any' },
        },
      }],
      objects: {
        // Ports by these names alone: its own page, which lists all routes, is for nobody.
        'network-policy.yaml': kube.reached('traefik', p.namespace, pods, []) { spec+: { ingress: [
          { ports: [{ port: port, protocol: 'TCP' } for port in ['web', 'websecure']] },
        ] + if platform.monitoring.measures then [{ from: platform.monitoring.peers, ports: [{ port: 'metrics', protocol: 'TCP' }] }] else [] } },
      },
      extras: {
        'monitor.yaml': platform.monitoring.podMonitor('traefik', p.namespace, pods, [{ port: 'metrics' }]),
      },
      waivers: waive(
        ['network/service-type'],
        { kind: 'Service', namespace: p.namespace, name: 'traefik' },
        'It is the way into the cluster.'
      ) + waive(
        ['network/open-policy'],
        { kind: 'NetworkPolicy', namespace: p.namespace, name: 'traefik' },
        'It serves everybody.'
      ),
      provides:: {
        namespace: p.namespace,
        service: 'traefik.' + p.namespace + '.svc',
        class: class,
        sources: ['ingress'],
        exposes: true,
        // expose shows a page: see lib/ingress.libsonnet for its fields.
        expose(given)::
          local page = ingress.page(given);
          ingress.certificate(platform, page) + if page.backendTLS == null then [plain(page, platform)] else encrypted(page, platform),
      },
    },
)
