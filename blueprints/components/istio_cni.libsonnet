// istio-cni tells ztunnel of each pod in the mesh, and has the connections of the pod go through it.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'istio-cni';
local labels = { 'k8s-app': 'istio-cni-node' };

component(
  { name: name, purpose: 'has the connections of pods go through Istio' },
  { namespace: name, version: '1.30.3' },
  function(p, platform) {
    stage: stages.agents,
    namespaces: { [p.namespace]: 'privileged' },
    registries: ['registry.istio.io/release/'],
    images: ['registry.istio.io/release/install-cni'],
    charts: [{
      repo: 'https://istio-release.storage.googleapis.com/charts',
      name: 'cni',
      version: p.version,
      values: {
        profile: 'ambient',
        global: { hub: 'registry.istio.io/release', tag: p.version },
        seccompProfile: { type: 'RuntimeDefault' },
        useAppArmorAnnotation: why(false, 'It is deprecated, and a field stands for it.'),
        resources: kube.resources('50m', '100Mi', '512Mi'),
      },
    }],
    patches: [{
      target: { kind: 'DaemonSet', name: 'istio-cni-node' },
      patch: kube.object('apps/v1', 'DaemonSet', 'istio-cni-node', rest={ spec: { template: { spec: {
        automountServiceAccountToken: true,
        containers: [{ name: 'install-cni', ports: [{ name: 'ready', containerPort: 8000 }], livenessProbe: { httpGet: { path: '/healthz', port: 8000 }, failureThreshold: 6 } }],
      } } } }),
    }],
    objects: {
      // Nobody asks it but what measures it.
      'network-policy.yaml': kube.reached(name, p.namespace, { matchLabels: labels }, platform.monitoring.peers),
    },
    extras: {
      'monitor.yaml': platform.monitoring.podMonitor(name, p.namespace, { matchLabels: labels }, [{ port: 'metrics' }]),
    },
    waivers: waive(
      [
        'pods/apparmor',
        'pods/dangerous-capabilities',
        'pods/drop-all-capabilities',
        'pods/drop-net-raw',
        'pods/host-path',
        'pods/privilege-escalation',
        'pods/read-only-root',
        'pods/root-group',
        'pods/run-as-non-root',
        'pods/sensitive-host-path',
        'pods/writable-host-path',
      ],
      { kind: 'DaemonSet', namespace: p.namespace, name: 'istio-cni-node' },
      'It enters the network of each pod in the mesh to lead its connections to ztunnel, and puts its program beside that of the network.'
    ),
  },
)
