// kubeadm installs the cluster: what its configuration must say, and what it leaves out.
local installer = import '../lib/installer.libsonnet';

local policy = '/etc/kubernetes/audit-policy.yaml';

installer.component({
  name: 'kubeadm',
  title: 'kubeadm',
  purpose: 'installs Kubernetes on machines that are there, one by one',
  kubelets: 'kubelets sign their certificates themselves, until they have serverTLSBootstrap: true and somebody approves their requests.',
  etcd: {
    where: '/var/lib/etcd on the control plane',
    save: 'kubectl -n kube-system exec etcd-MACHINE -- etcdctl --cacert=/etc/kubernetes/pki/etcd/ca.crt --cert=/etc/kubernetes/pki/etcd/server.crt --key=/etc/kubernetes/pki/etcd/server.key snapshot save /var/lib/etcd/snapshot.db, each night; keep it elsewhere, with /etc/kubernetes/pki',
    back: |||
      What Git and the backups have comes back without a snapshot of etcd. To have all other objects back, too, put one and `/etc/kubernetes/pki` of before on the first machine of the control plane, and start with them:

      ```sh
      etcdutl snapshot restore snapshot.db --data-dir /var/lib/etcd --name MACHINE \
        --initial-cluster MACHINE=https://ADDRESS:2380 --initial-advertise-peer-urls https://ADDRESS:2380
      kubeadm init --config kubeadm.yaml --upload-certs --ignore-preflight-errors=DirAvailable--var-lib-etcd
      ```
    |||,
  },
  files(p, wanted):: [
    {
      where: '`kubeadm.yaml`, for `kubeadm init --config kubeadm.yaml --upload-certs` on the first machine of the control plane:',
      text: [
        'apiVersion: kubeadm.k8s.io/v1beta4',
        'kind: ClusterConfiguration',
        'kubernetesVersion: v' + wanted.kubernetesVersion + '.0  # or a newer one of these',
        if wanted.endpoint != null then 'controlPlaneEndpoint: "' + wanted.endpoint + '"',
        if wanted.networks then 'networking:',
        if wanted.pods != null then '  podSubnet: ' + wanted.pods,
        if wanted.services != null then '  serviceSubnet: ' + wanted.services,
        if wanted.proxyless then 'proxy: {disabled: true}  # the network stands in for it',
        if wanted.flags(policy) != [] then ['apiServer:', '  extraArgs:', installer.named('    ', wanted.flags(policy))],
        installer.indented('  ', installer.volumes(policy, wanted)),
        '---',
        'apiVersion: kubelet.config.k8s.io/v1beta1',
        'kind: KubeletConfiguration',
        'serverTLSBootstrap: true',
      ],
    },
    {
      where: '`' + policy + '`, on each machine of the control plane, before `kubeadm init` and `kubeadm join`:',
      text: [if wanted.audit then wanted.policy],
    },
  ],
  steps(p, wanted):: (
    if wanted.network then ["kubeadm brings no network: machines are NotReady until this repository's is there."] else []
  ) + [
    installer.approval,
    'In a cluster that runs already, put `serverTLSBootstrap: true` into the key `kubelet` of the ConfigMap `kube-system/kubelet-config`, and on each machine into `/var/lib/kubelet/config.yaml`, and restart the kubelet.' + (
      if wanted.proxyless then ' kube-proxy goes by `kubectl -n kube-system delete daemonset,configmap kube-proxy`, once the network is there.' else ''
    ),
  ],
})
