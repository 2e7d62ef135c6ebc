// istio-ztunnel encrypts what pods in the mesh say to each other: one proxy on each machine, for all of them.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'istio-ztunnel';
local labels = { app: 'ztunnel' };

component(
  { name: name, purpose: 'encrypts what pods in the mesh of Istio say to each other' },
  { namespace: name, version: '1.30.3' },
  function(p, platform) {
    stage: stages.agents,
    namespaces: { [p.namespace]: 'privileged' },
    registries: ['registry.istio.io/release/'],
    images: ['registry.istio.io/release/ztunnel'],
    charts: [{
      repo: 'https://istio-release.storage.googleapis.com/charts',
      name: 'ztunnel',
      version: p.version,
      values: {
        hub: 'registry.istio.io/release',
        tag: p.version,
        variant: why('distroless', 'As all other parts.'),
        istioNamespace: platform['service-mesh'].namespace,
        resources: why(kube.resources('100m', '128Mi', '1Gi'), 'Enough for thousands of connections; it has all of those of the machine.'),
      },
    }],
    patches: [{
      target: { kind: 'DaemonSet', name: 'ztunnel' },
      patch: kube.object('apps/v1', 'DaemonSet', 'ztunnel', rest={ spec: { template: { spec: {
        automountServiceAccountToken: true,
        securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
        containers: [{ name: 'istio-proxy', ports: [{ name: 'ready', containerPort: 15021 }] }],
      } } } }),
    }],
    objects: {
      // What pods say to each other goes from one pod's network to the other's, and never through that of ztunnel.
      'network-policy.yaml': kube.reached(name, p.namespace, { matchLabels: labels }, platform.monitoring.peers),
    },
    extras: {
      'monitor.yaml': platform.monitoring.podMonitor(name, p.namespace, { matchLabels: labels }, [{ port: 'ztunnel-stats', path: '/stats/prometheus' }]),
    },
    waivers: waive(
      [
        'pods/dangerous-capabilities',
        'pods/drop-all-capabilities',
        'pods/drop-net-raw',
        'pods/host-path',
        'pods/privilege-escalation',
        'pods/run-as-non-root',
        'pods/sensitive-host-path',
        'pods/writable-host-path',
      ],
      { kind: 'DaemonSet', namespace: p.namespace, name: 'ztunnel' },
      'It listens in the network of each pod in the mesh on its machine, which takes these rights.'
    ) + waive(
      ['reliability/liveness-probe'],
      { kind: 'DaemonSet', namespace: p.namespace, name: 'ztunnel' },
      'All connections of the machine go through it: nothing but itself should end it.'
    ) + waive(
      ['references/config'],
      { kind: 'DaemonSet', namespace: p.namespace, name: 'ztunnel' },
      'istiod makes the ConfigMap istio-ca-root-cert, with its authority, in each namespace.'
    ),
  },
)
