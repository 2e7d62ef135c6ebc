// rke2 installs the cluster: what its configuration must say, and what of its own must be off.
local installer = import '../lib/installer.libsonnet';

local policy = '/etc/rancher/rke2/audit-policy.yaml';

installer.component({
  name: 'rke2',
  title: 'RKE2',
  purpose: 'installs Kubernetes on machines that are there, hardened, from one program',
  brings: { metrics: 'metricsServer' },
  params: { metricsServer: 'whether its own metrics-server serves the capability metrics' },
  authentication: '/etc/rancher/rke2/authentication/config.yaml',
  containers: '/run/k3s/containerd/containerd.sock',
  kubelets: "RKE2 signs the kubelets' certificates itself.",
  // An agent, and so each machine, forwards this to the servers that it knows.
  api: { host: 'localhost', port: '6443' },
  snapshots: true,
  etcd: {
    where: '/var/lib/rancher/rke2/server/db on the servers',
    save: 'the snapshots that it makes stay on its servers, in /var/lib/rancher/rke2/server/db/snapshots: give config.yaml etcd-s3 and what belongs to it, or copy them, and keep /var/lib/rancher/rke2/server/token with them',
    back: |||
      What Git and the backups have comes back without a snapshot of etcd. To have all other objects back, too, begin with one on the first server, and install the others after it:

      ```sh
      rke2 server --cluster-reset --cluster-reset-restore-path=SNAPSHOT --token=TOKEN
      ```
    |||,
  },
  files(p, wanted):: [
    {
      where: '`/etc/rancher/rke2/config.yaml` of every server:',
      text: [
        if wanted.network then 'cni: none  # the network comes with this repository',
        if wanted.proxyless then 'disable-kube-proxy: true  # the network stands in for it',
        if wanted.ingress then 'ingress-controller: none',
        if !p.metricsServer then 'disable: [rke2-metrics-server]',
        if wanted.pods != null then 'cluster-cidr: ' + wanted.pods,
        if wanted.services != null then 'service-cidr: ' + wanted.services,
        if wanted.virtualIP != null then 'tls-san: ["' + wanted.virtualIP + '"]',
        if wanted.audit then 'audit-policy-file: ' + policy,
        if wanted.people then [
          'kube-apiserver-arg:',
          installer.listed('  ', wanted.peopleFlags),
          'kube-apiserver-extra-mount:',
          '  - ' + wanted.identities + ':' + wanted.identities + ':ro',
        ],
      ],
    },
    {
      where: '`' + policy + '` of every server, before it starts; the log is `/var/lib/rancher/rke2/server/logs/audit.log`:',
      text: [if wanted.audit then wanted.policy],
    },
  ],
  steps(p, wanted):: if wanted.virtualIP == null then [] else [
    'Further machines join by `server: https://' + std.strReplace(wanted.endpoint, ':6443', ':9345') + '` and `token` in the same file.',
  ],
}, {
  metricsServer: true,
})
