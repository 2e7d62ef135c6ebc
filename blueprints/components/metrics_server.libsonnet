// metrics-server serves the resource metrics that autoscaling reads.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';

component(
  {
    name: 'metrics-server',
    purpose: 'serves the use of cpu and memory that autoscaling and kubectl top read',
    capability: 'metrics',
    option: 'metrics-server',
  },
  {
    namespace: 'kube-system',
    version: '3.13.1',
    replicas: null,
    kubeletInsecureTLS: false,
    kubeletPreferredAddressTypes: ['InternalIP', 'ExternalIP', 'Hostname'],
  },
  function(p, platform)
    local replicas = if p.replicas != null then p.replicas else { small: 1, medium: 2, enterprise: 2 }[platform.tier];
    {
      namespaces: { [if p.namespace != 'kube-system' then p.namespace]: 'restricted' },
      registries: ['registry.k8s.io/metrics-server/'],
      images: ['registry.k8s.io/metrics-server/metrics-server'],
      charts: [{
        repo: 'https://kubernetes-sigs.github.io/metrics-server',
        name: 'metrics-server',
        version: p.version,
        values: {
          replicas: replicas,
          [if replicas > 1 then 'podDisruptionBudget']: kube.disruptionBudget,
          [if replicas > 1 then 'topologySpreadConstraints']: kube.spread({ 'app.kubernetes.io/name': 'metrics-server' }),
          defaultArgs: [
            '--cert-dir=/tmp',
            '--kubelet-preferred-address-types=' + std.join(',', p.kubeletPreferredAddressTypes),
            '--kubelet-use-node-status-port',
            '--metric-resolution=15s',
          ],
          [if p.kubeletInsecureTLS then 'args']: ['--kubelet-insecure-tls'],
          resources: kube.resources('100m', '200Mi', '400Mi'),
        },
      }],
      comments: {
        'values.defaultArgs': "Kubelets must show certificates of the cluster's own authority: K3s, RKE2 and Talos can, kubeadm needs\nserverTLSBootstrap: true and approval of the requests. The parameter kubeletInsecureTLS is for test clusters.",
        'values.resources': 'Enough for 100 nodes; each further node takes 1m of cpu and 2 MiB.',
      },
    },
)
