// contour exposes web applications through HTTPProxy objects, with Envoy as the proxy.
local component = import '../lib/component.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local class = 'contour';

component(
  {
    name: 'contour',
    purpose: 'exposes web applications through HTTPProxy objects',
    capability: 'ingress',
    option: 'contour',
  },
  { namespace: 'projectcontour', version: '0.7.0', replicas: tier(1, 2, 3) },
  function(p, platform)
    local several(n, role) = {
      replicaCount: n,
      priorityClassName: kube.critical,
      [if n > 1 then 'topologySpreadConstraints']: kube.spread({
        'app.kubernetes.io/instance': 'contour',
        'app.kubernetes.io/component': role,
      }),
    };
    {
      stage: stages.ingress,
      crds: true,
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['ghcr.io/projectcontour/', 'docker.io/envoyproxy/'],
      images: ['docker.io/envoyproxy/envoy', 'ghcr.io/projectcontour/contour'],
      charts: [{
        repo: 'https://projectcontour.github.io/helm-charts',
        name: 'contour',
        version: p.version,
        values: {
          contour: several(std.min(p.replicas, 2), 'contour') {
            replicaCount: why(super.replicaCount, 'One works, a second waits for its turn; a third would wait for ever.'),
            priorityClassName: why(super.priorityClassName, kube.whyCritical),
            ingressClass: { name: class, create: true, default: true },
            certgen: {
              certificateLifetime: why(3650, 'Days. With these certificates Contour and Envoy know each other; only a sync makes new ones.'),
            },
            resources: kube.resources('50m', '128Mi', '512Mi'),
          },
          envoy: several(p.replicas, 'envoy') {
            kind: why('deployment', 'As many proxies as it takes, not one on every machine.'),
            service: why(ingress.service(platform), ingress.serviceComment(platform)),
            resources: kube.resources('100m', '256Mi', '1Gi'),
            shutdownManager: { resources: kube.resources('10m', '32Mi', '128Mi') },
            defaultInitContainers: { initConfig: { resources: kube.resources('10m', '32Mi', '128Mi') } },
          },
        },
      }],
      patches: kube.syncedHooks + [
        kube.without('apiextensions.k8s.io/v1', 'CustomResourceDefinition', { spec: { preserveUnknownFields: null } }),
      ],
      extras: {
        local monitor(role, path) = platform.monitoring.podMonitor(
          role, p.namespace, { matchLabels: { 'app.kubernetes.io/instance': 'contour', 'app.kubernetes.io/component': role } }, [{ port: 'metrics', path: path }]
        ),
        'monitor.yaml': monitor('contour', '/metrics') + monitor('envoy', '/stats/prometheus'),
      },
      waivers: waive(
        ['network/service-type'],
        { kind: 'Service', namespace: p.namespace, name: 'contour-envoy' },
        'It is the way into the cluster.'
      ) + std.flatMap(
        function(name) waive(
          ['network/open-policy'],
          { kind: 'NetworkPolicy', namespace: p.namespace, name: 'contour-' + name },
          'Envoy serves everybody, and reaches whatever somebody exposes; all three have to reach the API server, whose address no policy knows.'
        ),
        ['contour', 'contour-certgen', 'envoy']
      ),
      provides:: {
        namespace: p.namespace,
        service: 'contour-envoy.' + p.namespace + '.svc',
        class: class,
        sources: ['contour-httpproxy', 'ingress'],
        exposes: true,
        // expose shows a page: see lib/ingress.libsonnet for its fields.
        expose(given)::
          local page = ingress.page(given);
          local backend = { name: page.service, port: page.port } + if page.backendTLS == null then {} else {
            protocol: 'tls',
            validation: { caSecret: page.backendTLS.secret, subjectName: page.backendTLS.hostname },
          };
          ingress.certificate(platform, page) + [
            kube.object('projectcontour.io/v1', 'HTTPProxy', page.name, page.namespace, { spec: {
              ingressClassName: class,
              virtualhost: {
                fqdn: page.host,
                [if ingress.overTLS(platform) then 'tls']: { secretName: ingress.secret(page) },
              },
              routes: [{
                conditions: [{ prefix: '/' }],
                services: [backend],
                enableWebsockets: true,
                // Envoy would cut off what streams, logs and events, after 15 seconds.
                timeoutPolicy: { response: 'infinity' },
              }],
            } }),
          ],
      },
    },
)
