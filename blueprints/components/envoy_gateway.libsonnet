// envoy-gateway exposes web applications through the Gateway API, with Envoy as the proxy.
local component = import '../lib/component.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local tier = import '../lib/tier.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local group = 'gateway.networking.k8s.io';
local controller = 'gateway.envoyproxy.io/gatewayclass-controller';

// The one Gateway, its class and how its proxies are made have the same name.
local name = 'web';

// What the API server fills in inside of lists is written out: Argo CD would take it for a difference.
local parent(kind, name) = { group: group, kind: kind, name: name };
local secretRef(name) = { group: '', kind: 'Secret', name: name };
local route(name, namespace, parent, rest) = kube.object(group + '/v1', 'HTTPRoute', name, namespace, { spec: {
  parentRefs: [parent],
} + rest });
local all = [{ path: { type: 'PathPrefix', value: '/' } }];

// What version v1.9.0 runs, as the chart and Envoy Gateway itself have it.
local images = {
  envoyGateway: 'docker.io/envoyproxy/gateway:v1.9.0',
  envoyProxy: 'docker.io/envoyproxy/envoy:distroless-v1.39.0',
  ratelimit: 'docker.io/envoyproxy/ratelimit:17b1956c',
};

component(
  {
    name: 'envoy-gateway',
    purpose: 'exposes web applications through the Gateway API',
    capability: 'ingress',
    option: 'envoy-gateway',
    with: ['envoy-gateway-crds'],
  },
  { namespace: 'envoy-gateway-system', version: 'v1.9.0', replicas: tier(1, 2, 3) },
  function(p, platform)
    local mirrored = std.length([use for use in std.objectFields(images) if platform.image(images[use]) != images[use]]) > 0;
    local http = parent('Gateway', name) { namespace: p.namespace, sectionName: 'http' };
    local proxies = kube.object('gateway.envoyproxy.io/v1alpha1', 'EnvoyProxy', name, p.namespace, { spec: { provider: {
      type: 'Kubernetes',
      kubernetes: {
        envoyDeployment: {
          replicas: p.replicas,
          pod: {
            priorityClassName: kube.critical,
            [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread({ 'gateway.envoyproxy.io/owning-gateway-name': name }),
          },
          container: { resources: kube.resources('100m', '256Mi', '1Gi') },
          // The container that drains connections has no field of its own.
          patch: { type: 'StrategicMerge', value: { spec: { template: { spec: { containers: [
            { name: 'shutdown-manager', resources: kube.resources('10m', '32Mi', '128Mi') },
          ] } } } } },
        },
        envoyService: ingress.service(platform),
        [if p.replicas > 1 then 'envoyPDB']: { maxUnavailable: 1 },
      },
    } } });
    {
      stage: stages.ingress,
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['docker.io/envoyproxy/'],
      charts: [{
        repo: 'oci://docker.io/envoyproxy',
        name: 'gateway-helm',
        version: p.version,
        values: {
          crds: { enabled: why(false, 'They come with envoy-gateway-crds, before everything that uses them.') },
          [if mirrored then 'global']: { images: { [use]: { image: platform.image(images[use]) } for use in std.objectFields(images) } },
          deployment: {
            replicas: why(std.min(p.replicas, 2), 'These tell the proxies what to do, and the second takes over when the first goes. How many proxies there are, gateway.yaml says.'),
            priorityClassName: why(kube.critical, kube.whyCritical),
            envoyGateway: { resources: kube.resources('100m', '256Mi', '1Gi') },
            [if p.replicas > 1 then 'pod']: { topologySpreadConstraints: kube.spread({ 'control-plane': 'envoy-gateway' }) },
          },
          [if p.replicas > 1 then 'podDisruptionBudget']: { minAvailable: 0, maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
          certgen: { job: { resources: kube.resources('10m', '64Mi', '256Mi') } },
          topologyInjector: why({ enabled: false }, 'A webhook in the way of every pod, for routing by zones that these clusters do not have.'),
        },
      }],
      objects: {
        // The proxies ask it for what they are to do; what makes its certificates is asked by nobody.
        'network-policy.yaml': [
          kube.reached(name, p.namespace, { matchLabels: { 'control-plane': 'envoy-gateway' } }, [{ podSelector: {} }] + platform.monitoring.peers),
          kube.reached(name + '-certgen', p.namespace, { matchLabels: { app: 'certgen' } }, []),
        ],
        // That of the proxies gets a name which nobody knows before.
        'service.yaml': kube.object('v1', 'Service', name, p.namespace, { spec: {
          selector: { 'gateway.envoyproxy.io/owning-gateway-name': name },
          ports: [
            { name: 'http', port: 80, targetPort: 10080 },
            { name: 'https', port: 443, targetPort: 10443 },
          ],
        } }),
        'gateway.yaml': [
          proxies,
          kube.object(group + '/v1', 'GatewayClass', name, rest={ spec: {
            controllerName: controller,
            parametersRef: { group: 'gateway.envoyproxy.io', kind: 'EnvoyProxy', name: name, namespace: p.namespace },
          } }),
          // Each page brings its own HTTPS listener and certificate, in a ListenerSet of its own namespace.
          kube.object(group + '/v1', 'Gateway', name, p.namespace, { spec: {
            gatewayClassName: name,
            allowedListeners: { namespaces: { from: 'All' } },
            listeners: [{ name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'All' } } }],
          } }),
        ],
        // A route with a hostname, as the ACME challenge has one, comes before this.
        [if ingress.overTLS(platform) then 'redirect.yaml']: route('redirect', p.namespace, http, { rules: [{
          matches: all,
          filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }],
        }] }),
      },
      patches: kube.syncedHooks + [
        kube.without('rbac.authorization.k8s.io/v1', 'ClusterRole', { metadata+: { creationTimestamp: null } }),
        // The probes ask a port that the chart does not declare.
        {
          target: { kind: 'Deployment', name: 'envoy-gateway' },
          patch: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'envoy-gateway' }, spec: { template: { spec: { containers: [
            { name: 'envoy-gateway', ports: [{ name: 'health', containerPort: 8081 }] },
          ] } } } },
        },
      ],
      extras: {
        local monitor(name, label, path) = platform.monitoring.podMonitor(name, p.namespace, { matchLabels: label }, [{ port: 'metrics', path: path }]),
        'monitor.yaml':
          monitor('envoy-gateway', { 'control-plane': 'envoy-gateway' }, '/metrics')
          + monitor('proxies', { 'gateway.envoyproxy.io/owning-gateway-name': name }, '/stats/prometheus'),
      },
      provides:: {
        namespace: p.namespace,
        service: name + '.' + p.namespace + '.svc',
        // solver is how the ACME challenge by HTTP is answered: there is no class of Ingress.
        solver: { gatewayHTTPRoute: { parentRefs: [http] } },
        sources: ['gateway-httproute'],
        listenerSets: true,
        exposes: true,
        // expose shows a page: see lib/ingress.libsonnet for its fields.
        expose(given)::
          local page = ingress.page(given);
          local overTLS = ingress.overTLS(platform);
          local annotations = ingress.annotations(platform, page);
          local listeners = kube.object(group + '/v1', 'ListenerSet', page.name, page.namespace, {
            metadata+: { [if annotations != {} then 'annotations']: annotations },
            spec: {
              parentRef: parent('Gateway', name) { namespace: p.namespace },
              listeners: [{
                name: 'https',
                hostname: page.host,
                port: 443,
                protocol: 'HTTPS',
                tls: { mode: 'Terminate', certificateRefs: [secretRef(ingress.secret(page))] },
                allowedRoutes: { namespaces: { from: 'Same' } },
              }],
            },
          });
          local backend = kube.object(group + '/v1', 'BackendTLSPolicy', page.name, page.namespace, { spec: {
            targetRefs: [{ group: '', kind: 'Service', name: page.service }],
            validation: { hostname: page.backendTLS.hostname, caCertificateRefs: [secretRef(page.backendTLS.secret)] },
          } });
          ingress.certificate(platform, page)
          + (if overTLS then [listeners] else [])
          + (if page.backendTLS != null then [backend] else [])
          + [route(page.name, page.namespace, if overTLS then parent('ListenerSet', page.name) else http, {
            hostnames: [page.host],
            rules: [{
              matches: all,
              backendRefs: [{ group: '', kind: 'Service', name: page.service, port: page.port, weight: 1 }],
              // Envoy would cut off what streams, logs and events, after 15 seconds.
              timeouts: { request: '0s' },
            }],
          })],
      },
    },
)
