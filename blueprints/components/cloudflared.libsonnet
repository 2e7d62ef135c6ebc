// cloudflared publishes services through a tunnel that it opens to Cloudflare itself: no port of the site is open for it.
//
// Nothing is published that nobody names. Pages of the platform keep their login, their certificate and their proxies.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'cloudflared';
local secret = 'tunnel-credentials', authority = 'ingress-authority';
local labels = { 'app.kubernetes.io/name': 'cloudflare-tunnel', 'app.kubernetes.io/instance': name };

// Where the pods have the authority that signed the certificates of pages.
local trusted = '/etc/cloudflared/authority';

local alarms = [{ name: name, rules: [
  measure.alarm(
    'TunnelDown',
    'critical',
    '5m',
    'sum(cloudflared_tunnel_ha_connections) < 1 or absent(cloudflared_tunnel_ha_connections)',
    'Nothing is connected to Cloudflare: what is published by the tunnel is out of reach.'
  ),
  measure.alarm(
    'TunnelErrors',
    'warning',
    '15m',
    'sum(rate(cloudflared_tunnel_request_errors[5m])) / sum(rate(cloudflared_tunnel_total_requests[5m])) > 0.05',
    '{{ $value | humanizePercentage }} of the requests through the tunnel do not reach what they are for.'
  ),
] }];

component(
  {
    name: name,
    purpose: 'publishes services through a tunnel to Cloudflare, without open ports',
    capability: 'edge',
    option: name,
    tried: { tunnel: 'platform', hosts: ['www.example.org'] },
    params: {
      image: 'the version of cloudflared: Cloudflare takes connections from what is a year old at most',
      tunnel: 'the name or the id of the tunnel: without one nothing is published',
      hosts: 'names that lead through the ingress',
      routes: 'what leads elsewhere, as cloudflared has it: `{hostname, service}`',
    },
  },
  {
    namespace: name,
    version: '0.3.2',
    image: '2026.8.2',
    tunnel: null,
    hosts: [],
    routes: [],
    replicas: tier(1, 2, 2),
  },
  function(p, platform)
    if p.tunnel == null then {
      stage: stages.last,
      decisions: [{
        what: 'nothing is published by the tunnel: nobody said which that is',
        do: 'make one, cloudflared tunnel create NAME, and set components.cloudflared.params.tunnel to its name and hosts to what it publishes; or set capabilities.edge to none',
      }],
    } else
      local proxies =
        if p.hosts == [] || platform.ingress.service != null then platform.ingress.service
        else error 'components.cloudflared.params.hosts: nothing of capabilities.ingress says where its proxies are; name what each host leads to under routes';
      local tls = platform.certificates.served;
      local signed = if p.hosts != [] && tls then platform.certificates.authority(authority, p.namespace) else [];
      local route(host) = {
        hostname: host,
        service: (if tls then 'https://' else 'http://') + proxies,
        [if tls then 'originRequest']: { originServerName: host, [if signed != [] then 'caPool']: trusted + '/ca.crt' },
      };
      {
        stage: why(stages.last, 'It waits for a Secret that somebody makes, and nothing else should.'),
        extrasStage: stages.last,
        namespaces: { [p.namespace]: 'restricted' },
        registries: ['docker.io/cloudflare/'],
        images: ['cloudflare/cloudflared'],
        charts: [{
          repo: 'https://cloudflare.github.io/helm-charts',
          name: 'cloudflare-tunnel',
          version: p.version,
          releaseName: name,
          values: {
            fullnameOverride: name,
            image: why({ tag: p.image }, 'The chart would take one of 2024.'),
            cloudflare: {
              tunnelName: p.tunnel,
              secretName: secret,
              ingress: why([route(host) for host in p.hosts] + p.routes, 'All else is not found.'),
            },
            replicaCount: p.replicas,
            podSecurityContext: kube.user(65532),
            resources: kube.resources('20m', '64Mi', '256Mi'),
          },
        }],
        patches: [{
          target: { kind: 'Deployment', name: name },
          patch: kube.object('apps/v1', 'Deployment', name, rest={ spec: { template: { spec: {
            automountServiceAccountToken: false,
            priorityClassName: kube.critical,
            containers: [{
              name: 'cloudflare-tunnel',
              ports: [{ name: 'metrics', containerPort: 2000 }],
              readinessProbe: { httpGet: { path: '/ready', port: 2000 }, periodSeconds: 10 },
              // Without Cloudflare no restart helps: it connects again by itself.
              livenessProbe: { httpGet: { path: '/healthcheck', port: 2000 }, failureThreshold: 6 },
              [if signed != [] then 'volumeMounts']: [{ name: 'authority', mountPath: trusted, readOnly: true }],
            }],
            [if signed != [] then 'volumes']: [{ name: 'authority', secret: { secretName: authority, items: [{ key: 'ca.crt', path: 'ca.crt' }] } }],
          } } } }),
        }],
        objects: {
          'authority.yaml': signed,
          'network-policy.yaml': kube.reached(name, p.namespace, { matchLabels: labels }, platform.monitoring.peers),
          [if p.replicas > 1 then 'disruption-budget.yaml']: kube.object('policy/v1', 'PodDisruptionBudget', name, p.namespace, { spec: {
            maxUnavailable: 1,
            unhealthyPodEvictionPolicy: 'AlwaysAllow',
            selector: { matchLabels: labels },
          } }),
        },
        extras: {
          'monitor.yaml':
            platform.monitoring.podMonitor(name, p.namespace, { matchLabels: labels }, [{ port: 'metrics' }])
            + platform.monitoring.rules(name, p.namespace, alarms),
        },
        decisions: if p.hosts != [] || p.routes != [] then [] else [{
          what: 'the tunnel publishes nothing: nobody said what',
          do: 'set components.cloudflared.params.hosts to names that lead through the ingress',
        }],
        secrets: [{ name: secret, namespace: p.namespace, keys: ['credentials.json'], purpose: 'the tunnel: the file that cloudflared tunnel create has written' }],
      },
)
