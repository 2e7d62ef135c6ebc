// emissary exposes web applications through Hosts and Mappings, with Envoy as the proxy. Once it was called Ambassador.
local component = import '../lib/component.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'emissary', class = 'ambassador';
local pods = { 'app.kubernetes.io/name': 'emissary-ingress' };
local object(kind, of, namespace, rest) = kube.object('getambassador.io/v3alpha1', kind, of, namespace, rest);

component(
  {
    name: name,
    purpose: 'exposes web applications through Hosts and Mappings',
    capability: 'ingress',
    option: name,
    with: ['emissary-crds'],
  },
  { namespace: name, version: '4.1.0', replicas: tier(1, 2, 3) },
  function(p, platform)
    {
      stage: stages.ingress,
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['ghcr.io/emissary-ingress/'],
      images: ['ghcr.io/emissary-ingress/emissary'],
      charts: [{
        repo: 'oci://ghcr.io/emissary-ingress',
        name: 'emissary-ingress',
        version: p.version,
        releaseName: name,
        values: {
          fullnameOverride: name,
          replicaCount: p.replicas,
          [if p.replicas > 1 then 'podDisruptionBudget']: { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
          [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread(pods),
          createDefaultListeners: why(true, 'Without Listeners it listens nowhere.'),
          ingressClassResource: { default: true },
          service: why(ingress.service(platform), ingress.serviceComment(platform)),
          priorityClassName: why(kube.critical, kube.whyCritical),
          security: {
            podSecurityContext: kube.user(8888),
            containerSecurityContext: kube.confined,
          },
          livenessProbe: { failureThreshold: 10 },
          resources: kube.resources('200m', '384Mi', '1Gi'),
        },
      }],
      objects: {
        'network-policy.yaml': kube.reached(name, p.namespace, { matchLabels: pods }, []) { spec+: { ingress: [
          { ports: [{ port: port, protocol: 'TCP' } for port in ['http', 'https']] },
        ] + if platform.monitoring.measures then [{ from: platform.monitoring.peers, ports: [{ port: 'admin', protocol: 'TCP' }] }] else [] } },
      },
      extras: {
        'monitor.yaml': platform.monitoring.podMonitor(name, p.namespace, { matchLabels: pods }, [{ port: 'admin', path: '/metrics' }]),
      },
      waivers: waive(
        ['network/service-type'],
        { kind: 'Service', namespace: p.namespace, name: name },
        'It is the way into the cluster.'
      ) + waive(
        ['network/open-policy'],
        { kind: 'NetworkPolicy', namespace: p.namespace, name: name },
        'It serves everybody.'
      ) + waive(
        ['rbac/wildcard'],
        { kind: 'ClusterRole', name: name + '-watch' },
        'Its chart lets it read all of its own kinds, by whatever name.'
      ),
      provides:: {
        namespace: p.namespace,
        service: name + '.' + p.namespace + '.svc',
        class: class,
        sources: ['ambassador-host', 'ingress'],
        exposes: true,
        // expose shows a page: see lib/ingress.libsonnet for its fields.
        expose(given)::
          local page = ingress.page(given);
          local overTLS = ingress.overTLS(platform);
          local encrypted = page.backendTLS != null;
          ingress.certificate(platform, page) + [
            object('Host', page.name, page.namespace, {
              // By this external-dns knows whose address the name has.
              metadata+: { annotations: { 'external-dns.ambassador-service': p.namespace + '/' + name } },
              spec: {
                hostname: page.host,
                acmeProvider: { authority: 'none' },
                [if overTLS then 'tlsSecret']: { name: ingress.secret(page) },
                requestPolicy: { insecure: { action: if overTLS then 'Redirect' else 'Route' } },
              },
            }),
            object('Mapping', page.name, page.namespace, { spec: {
              hostname: page.host,
              prefix: '/',
              service: (if encrypted then 'https://' else 'http://') + page.service + '.' + page.namespace + ':' + page.port,
              [if encrypted then 'tls']: page.name + '-backend',
              allow_upgrade: ['websocket'],
              timeout_ms: why(0, 'Envoy would cut off what streams, logs and events, after three seconds.'),
            } }),
          ] + if !encrypted then [] else [
            object('TLSContext', page.name + '-backend', page.namespace, { spec: {
              secret: why(page.backendTLS.secret, 'Its ca.crt is the authority that the service is held against.'),
              sni: page.backendTLS.hostname,
            } }),
          ],
      },
    },
)
