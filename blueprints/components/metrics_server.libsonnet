// metrics-server serves the resource metrics that autoscaling reads.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local tier = import '../lib/tier.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

// What people wait for, and the last way out.
local manual = |||
  ## Kubelets' certificates

  `kubectl top` and autoscaling work once kubelets show certificates that the cluster's own authority signed: how they come to have these is a matter of the
  installation. Until then metrics-server is not ready; nothing else waits for it.

  The last way out is the parameter `kubeletInsecureTLS: true` of metrics-server: it then believes whoever answers at a kubelet's address, and hands that one
  its token.
|||;

component(
  {
    name: 'metrics-server',
    purpose: 'serves the use of cpu and memory that autoscaling and kubectl top read',
    capability: 'metrics',
    option: 'metrics-server',
    gone: { installedBy: 'write capabilities.installation instead: kubeadm, kubespray, cluster-api, rke2, k3s, talos or {external: {by: ..., reason: ...}}' },
    params: {
      kubeletInsecureTLS: 'the last way out: whoever stands between is believed to be a kubelet, and gets the token that reads all of them',
      kubeletPreferredAddressTypes: 'by which addresses it asks kubelets, the first that there is',
    },
  },
  {
    namespace: 'kube-system',
    version: '3.13.1',
    replicas: tier(1, 2, 2),
    local enough = why(kube.resources('100m', '200Mi', '400Mi'), 'Enough for 100 nodes; each further node takes 1m of cpu and 2 MiB.'),
    resources:: tier(enough, enough, enough, single=kube.resources('20m', '64Mi', '256Mi')),
    kubeletInsecureTLS: false,
    kubeletPreferredAddressTypes: ['InternalIP', 'ExternalIP', 'Hostname'],
  },
  function(p, platform)
    local kubelets = platform.installation.kubelets;
    {
      stage: why(stages.last, 'It is not ready before kubelets have certificates that it can trust, and nothing else should wait.'),
      decisions: if kubelets != null || p.kubeletInsecureTLS then [] else [{
        what: "nobody said whether kubelets' certificates can be trusted",
        do: 'set capabilities.installation to what installed the cluster, or to {external: {by: ..., reason: ..., facts: {kubelets: ...}}} with how that came to be',
      }],
      readme: { section: manual },
      namespaces: { [if p.namespace != 'kube-system' then p.namespace]: 'restricted' },
      registries: ['registry.k8s.io/metrics-server/'],
      images: ['registry.k8s.io/metrics-server/metrics-server'],
      charts: [{
        repo: 'https://kubernetes-sigs.github.io/metrics-server',
        name: 'metrics-server',
        version: p.version,
        values: {
          commonLabels: kube.platforms,
          replicas: p.replicas,
          [if p.replicas > 1 then 'podDisruptionBudget']: kube.disruptionBudget,
          [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread({ 'app.kubernetes.io/name': 'metrics-server' }),
          defaultArgs: why([
            '--cert-dir=/tmp',
            '--kubelet-preferred-address-types=' + std.join(',', p.kubeletPreferredAddressTypes),
            '--kubelet-use-node-status-port',
            '--metric-resolution=15s',
          ], 'It trusts the authority of the cluster: ' + if kubelets != null then kubelets else "kubelets must show certificates of the cluster's own authority."),
          [if p.kubeletInsecureTLS then 'args']: why(
            ['--kubelet-insecure-tls'],
            'Whoever stands between is believed to be a kubelet, and gets the token that reads all of them.'
          ),
          resources: p.resources,
        },
      }],
    },
)
