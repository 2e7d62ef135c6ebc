// linkerd-cni has the connections of pods go through their proxies, from the machine: within the pod that would take rights
// that no Pod Security level but privileged allows.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'linkerd-cni';
local labels = { 'k8s-app': name };

// resources are as the chart of Linkerd writes them.
local resources(cpu, memory, limit) = { cpu: { request: cpu }, memory: { request: memory, limit: limit } };

local installs = 'It puts its program and its configuration into the folders from which the machine takes those of the network.';

component(
  { name: name, purpose: 'has the connections of pods go through the proxies of Linkerd, without rights in the pods' },
  { namespace: name, version: '2026.8.3' },
  function(p, platform) {
    stage: why(stages.operators, 'No pod can be in the mesh before.'),
    namespaces: { [p.namespace]: 'privileged' },
    registries: ['cr.l5d.io/linkerd/'],
    images: ['cr.l5d.io/linkerd/cni-plugin'],
    charts: [{
      repo: 'https://helm.linkerd.io/edge',
      name: 'linkerd2-cni',
      version: p.version,
      values: {
        priorityClassName: why(kube.criticalEach, 'Where it is missing, no pod of the mesh comes up on that machine.'),
        resources: resources('10m', '32Mi', '128Mi'),
        repairController: why(
          { enabled: true, resources: resources('10m', '32Mi', '128Mi') },
          'A pod that came up on a machine before this did has no way through its proxy, and never gets one: it is deleted, and\nmade anew.'
        ),
      },
    }],
    patches: [{
      target: { kind: 'DaemonSet', name: name },
      patch: kube.object('apps/v1', 'DaemonSet', name, rest={ spec: { template: { spec: { automountServiceAccountToken: true, containers: [
        { name: 'install-cni', securityContext: kube.confined { capabilities+: { add: ['DAC_OVERRIDE'] } } },
        { name: 'repair-controller', securityContext: { runAsNonRoot: true, runAsUser: 65534, runAsGroup: 65534 } },
      ] } } } }),
    }],
    objects: {
      // Nobody asks it but what measures it.
      'network-policy.yaml': kube.reached(name, p.namespace, { matchLabels: labels }, platform.monitoring.peers),
    },
    extras: {
      'monitor.yaml': platform.monitoring.podMonitor(name, p.namespace, { matchLabels: labels }, [{ port: 'repair-admin' }]),
    },
    waivers: waive(
      ['pods/run-as-non-root', 'pods/host-path', 'pods/sensitive-host-path', 'pods/writable-host-path', 'pods/dangerous-capabilities', 'pods/drop-all-capabilities'],
      { kind: 'DaemonSet', namespace: p.namespace, name: name },
      installs
    ) + waive(
      ['reliability/liveness-probe', 'reliability/readiness-probe'],
      { kind: 'DaemonSet', namespace: p.namespace, name: name, container: 'install-cni' },
      'It serves nobody: it copies files, and looks whether they stay.'
    ),
  },
)
