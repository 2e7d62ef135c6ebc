// metrics-server serves the resource metrics that autoscaling reads.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local tier = import '../lib/tier.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

// What kubelets need, by what installed the cluster, so that metrics-server can trust their certificates. README.md says it
// at greater length.
local installers = {
  k3s: "K3s signs the kubelets' certificates itself. Its own metrics-server must be off: disable: [metrics-server].",
  kubeadm: 'kubelets sign their certificates themselves, until they have serverTLSBootstrap: true and somebody approves their requests.',
  other: "kubelets must show certificates of the cluster's own authority.",
  rke2: "RKE2 signs the kubelets' certificates itself. Its own metrics-server must be off: disable: [rke2-metrics-server].",
  talos: 'kubelets sign their certificates themselves, until they have rotate-server-certificates: true and kubelet-serving-cert-approver\napproves their requests.',
};

// What people do on their machines, at length.
local manual = |||
  ## Kubelets' certificates

  `kubectl top` and autoscaling work once kubelets show certificates that the cluster's own authority signed. Until then metrics-server is not ready;
  nothing else waits for it.

  - **kubeadm**: kubelets sign for themselves. Put `serverTLSBootstrap: true` into the `KubeletConfiguration` before `kubeadm init`. In a cluster that
    runs already put it into the key `kubelet` of the ConfigMap `kube-system/kubelet-config`, and on each machine into `/var/lib/kubelet/config.yaml`, and
    restart the kubelet. Each then asks for a certificate, and again before it ends, and Kubernetes approves none of these by itself: `kubectl get csr`, and
    after a look at who asks `kubectl certificate approve NAME`, or run an approver.
  - **K3s** signs them itself. It brings a metrics-server of its own, which must be off: `disable: [metrics-server]` in `/etc/rancher/k3s/config.yaml` of
    every server.
  - **RKE2** signs them itself. It brings a metrics-server of its own, which must be off: `disable: [rke2-metrics-server]` in
    `/etc/rancher/rke2/config.yaml` of every server.
  - **Talos**: kubelets sign for themselves. Put `rotate-server-certificates: true` under `machine.kubelet.extraArgs` on every machine, and install
    [kubelet-serving-cert-approver](https://github.com/alex1989hu/kubelet-serving-cert-approver), which approves what they ask for.

  The last way out is the parameter `kubeletInsecureTLS: true` of metrics-server: it then believes whoever answers at a kubelet's address, and hands that one
  its token.
|||;

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
    replicas: tier(1, 2, 2),
    installedBy: null,  // what installed the cluster: kubeadm, k3s, rke2, talos or other
    kubeletInsecureTLS: false,  // the last way out: whoever stands between is believed to be a kubelet, and gets the token that reads all of them
    kubeletPreferredAddressTypes: ['InternalIP', 'ExternalIP', 'Hostname'],
  },
  function(p, platform)
    local installer =
      if p.installedBy == null then 'other'
      else if std.objectHas(installers, p.installedBy) then p.installedBy
      else error 'metrics-server: installedBy is ' + p.installedBy + ': want one of ' + std.join(', ', std.objectFields(installers));
    {
      stage: why(stages.last, 'It is not ready before kubelets have certificates that it can trust, and nothing else should wait.'),
      decisions: if p.installedBy != null || p.kubeletInsecureTLS then [] else [{
        what: "nobody said what installed the cluster, and so whether kubelets' certificates can be trusted",
        do: "do what README.md says under Kubelets' certificates, and set components.metrics-server.params.installedBy to kubeadm, k3s, rke2, talos or other",
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
          ], 'It trusts the authority of the cluster: ' + installers[installer]),
          [if p.kubeletInsecureTLS then 'args']: why(
            ['--kubelet-insecure-tls'],
            'Whoever stands between is believed to be a kubelet, and gets the token that reads all of them.'
          ),
          resources: why(kube.resources('100m', '200Mi', '400Mi'), 'Enough for 100 nodes; each further node takes 1m of cpu and 2 MiB.'),
        },
      }],
    },
)
