// k3s installs the cluster: what its configuration must say, and what of its own must be off.
local installer = import '../lib/installer.libsonnet';

local policy = '/etc/rancher/k3s/audit-policy.yaml';

installer.component({
  name: 'k3s',
  title: 'K3s',
  purpose: 'installs Kubernetes on machines that are there, also small ones, from one program',
  brings: { metrics: 'metricsServer' },
  params: { metricsServer: 'whether its own metrics-server serves the capability metrics' },
  authentication: '/etc/rancher/k3s/authentication/config.yaml',
  containers: '/run/k3s/containerd/containerd.sock',
  kubelets: "K3s signs the kubelets' certificates itself.",
  // Here the API server itself answers on servers, and on agents what forwards to all servers.
  api: { host: '127.0.0.1', port: '6444' },
  etcd: {
    where: '/var/lib/rancher/k3s/server/db on the servers',
    save: 'of more than one server, or with cluster-init, the snapshots that it makes stay on its servers, in /var/lib/rancher/k3s/server/db/snapshots: give config.yaml etcd-s3 and what belongs to it, or copy them, and keep /var/lib/rancher/k3s/server/token with them',
    back: |||
      What Git and the backups have comes back without a snapshot of etcd. To have all other objects back, too, begin with one on the first server, and install the others after it:

      ```sh
      k3s server --cluster-reset --cluster-reset-restore-path=SNAPSHOT --token=TOKEN
      ```
    |||,
  },
  files(p, wanted)::
    local off = [
      if wanted.storage then 'local-storage',
      if !p.metricsServer then 'metrics-server',
      if wanted.loadBalancer then 'servicelb',
      if wanted.ingress then 'traefik',
    ];
    [
      {
        where: '`/etc/rancher/k3s/config.yaml` of every server, before K3s is installed there:',
        text: [
          if wanted.network then ['flannel-backend: none  # the network comes with this repository', 'disable-network-policy: true'],
          if wanted.proxyless then 'disable-kube-proxy: true  # the network stands in for it',
          if std.prune(off) != [] then 'disable: [' + std.join(', ', std.prune(off)) + ']',
          if wanted.pods != null then 'cluster-cidr: ' + wanted.pods,
          if wanted.services != null then 'service-cidr: ' + wanted.services,
          if wanted.virtualIP != null then 'tls-san: ["' + wanted.virtualIP + '"]',
          'secrets-encryption: true',
          if wanted.flags(policy) != [] then ['kube-apiserver-arg:', installer.listed('  ', wanted.flags(policy))],
        ],
      },
      {
        where: '`' + policy + '` of every server, before it starts; make the folder of the log too, `mkdir -p /var/log/kubernetes/audit`:',
        text: [if wanted.audit then wanted.policy],
      },
    ],
  steps(p, wanted):: [
    'With [k3sup](https://github.com/alexellis/k3sup) the first server is `k3sup install --ip ADDRESS --user USER --cluster`, each further one `k3sup join --server --ip ADDRESS --server-ip FIRST --user USER`, and a worker the same without `--server`. What each reads at its first start is this file: put it there before.',
  ],
}, {
  metricsServer: true,
})
