// haproxy exposes web applications through Ingress objects, with HAProxy Technologies' controller.
local component = import '../lib/component.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'haproxy', class = 'haproxy';
local pods = { 'app.kubernetes.io/name': 'kubernetes-ingress', 'app.kubernetes.io/instance': name };

component(
  {
    name: name,
    purpose: 'exposes web applications through Ingress objects, with HAProxy as the proxy',
    capability: 'ingress',
    option: name,
    params: {
      proxyProtocol: 'networks of what stands before it and speaks the PROXY protocol',
    },
  },
  {
    namespace: 'haproxy',
    version: '1.52.1',
    replicas: tier(1, 2, 3),
    proxyProtocol: [],
  },
  function(p, platform)
    {
      stage: stages.ingress,
      crds: true,
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['docker.io/haproxytech/'],
      images: ['docker.io/haproxytech/kubernetes-ingress'],
      charts: [{
        repo: 'https://haproxytech.github.io/helm-charts',
        name: 'kubernetes-ingress',
        version: p.version,
        releaseName: name,
        values: {
          fullnameOverride: name,
          controller: {
            replicaCount: p.replicas,
            [if p.replicas > 1 then 'PodDisruptionBudget']: { enable: true, maxUnavailable: 1 },
            [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread(pods),
            priorityClassName: why(kube.critical, kube.whyCritical),
            ingressClassResource: { default: true },
            // Its chart makes a random certificate at every render.
            defaultTLSSecret: why({ enabled: false }, 'Whoever asks for a name that nobody has gets the certificate that HAProxy makes for itself.'),
            pprof: { enabled: false },
            service: why(ingress.service(platform) {
              enablePorts: { quic: false, stat: false, admin: false },
            }, ingress.serviceComment(platform)),
            config: {
              'ssl-redirect-code': '301',
              'syslog-server': why('address:stdout, format: raw, facility:daemon', 'Requests are logged beside what the controller says.'),
              [if p.proxyProtocol != [] then 'proxy-protocol']: std.join(',', p.proxyProtocol),
            },
            resources: kube.resources('100m', '256Mi', '1Gi'),
          },
          crdjob: { resources: kube.resources('10m', '64Mi', '256Mi') },
        },
      }],
      patches: [
        // The chart does not declare the port of its probes.
        {
          target: { kind: 'Deployment', name: name },
          patch: [{ op: 'add', path: '/spec/template/spec/containers/0/ports/-', value: { name: 'health', containerPort: 1042 } }],
        },
      ],
      objects: {
        // The Job that brings its kinds is nobody's to ask.
        'job-policy.yaml': kube.reached(name + '-crdjob', p.namespace, { matchLabels: { 'app.kubernetes.io/name': 'haproxy-proxy', 'app.kubernetes.io/instance': name } }, []),
        'network-policy.yaml': kube.reached(name, p.namespace, { matchLabels: pods }, []) { spec+: { ingress: [
          { ports: [{ port: port, protocol: 'TCP' } for port in ['http', 'https']] },
        ] + if platform.monitoring.measures then [{ from: platform.monitoring.peers, ports: [{ port: 'stat', protocol: 'TCP' }] }] else [] } },
      },
      extras: {
        'monitor.yaml': platform.monitoring.podMonitor(name, p.namespace, { matchLabels: pods }, [{ port: 'stat' }]),
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
        { kind: 'ClusterRole', name: name },
        'Its chart lets it read all of its own kinds, by whatever name.'
      ),
      provides:: {
        namespace: p.namespace,
        service: name + '.' + p.namespace + '.svc',
        class: class,
        sources: ['ingress'],
        exposes: true,
        // expose shows a page: see lib/ingress.libsonnet for its fields.
        expose(given)::
          local page = ingress.page(given);
          local annotations = ingress.annotations(platform, page) + if page.backendTLS == null then {} else {
            'haproxy.org/server-ssl': why('true', 'What goes there is encrypted, but whoever answers is believed: the controller takes no authority from ca.crt.'),
          };
          ingress.certificate(platform, page) + [
            kube.object('networking.k8s.io/v1', 'Ingress', page.name, page.namespace, {
              metadata+: { [if annotations != {} then 'annotations']: annotations },
              spec: {
                ingressClassName: class,
                [if ingress.overTLS(platform) then 'tls']: [{ hosts: [page.host], secretName: ingress.secret(page) }],
                rules: [{ host: page.host, http: { paths: [
                  { path: '/', pathType: 'Prefix', backend: { service: { name: page.service, port: { number: page.port } } } },
                ] } }],
              },
            }),
          ],
      },
    },
)
