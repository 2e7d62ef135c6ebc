// cluster-api installs the cluster: what its objects must say, and what it leaves out.
local installer = import '../lib/installer.libsonnet';

local policy = '/etc/kubernetes/audit-policy.yaml';
local kubelet(by) = [
  by + 'nodeRegistration:',
  by + '  kubeletExtraArgs:',
  by + '    - {name: rotate-server-certificates, value: "true"}',
];

installer.component({
  name: 'cluster-api',
  title: 'Cluster API',
  purpose: 'installs Kubernetes on machines that it makes itself, from objects of a cluster that manages others',
  kubelets: 'kubelets sign their certificates themselves, until they have rotate-server-certificates: "true" and somebody approves their requests.',
  etcd: {
    where: 'the control plane, and what describes it in the cluster that manages it',
    save: 'clusterctl move --to-directory FOLDER in the cluster that manages this one, each night; keep the folder elsewhere: the keys of the cluster are in it',
    back: |||
      The cluster that manages this one makes new machines by itself. Where that is lost, too, bring what describes this one into a new one:

      ```sh
      clusterctl move --from-directory FOLDER
      ```
    |||,
  },
  files(p, wanted):: [
    {
      where: "The cluster's `Cluster`:",
      text: [
        if wanted.networks || wanted.virtualIP != null then [
          'apiVersion: cluster.x-k8s.io/v1beta2',
          'kind: Cluster',
          'spec:',
          if wanted.networks then '  clusterNetwork:',
          if wanted.pods != null then '    pods: {cidrBlocks: ["' + wanted.pods + '"]}',
          if wanted.services != null then '    services: {cidrBlocks: ["' + wanted.services + '"]}',
          if wanted.virtualIP != null then '  controlPlaneEndpoint: {host: "' + wanted.virtualIP + '", port: 6443}',
        ],
      ],
    },
    {
      where: 'Its `KubeadmControlPlane`:',
      text: [
        'apiVersion: controlplane.cluster.x-k8s.io/v1beta2',
        'kind: KubeadmControlPlane',
        if wanted.proxyless then [
          'metadata:',
          '  annotations:',
          '    controlplane.cluster.x-k8s.io/skip-kube-proxy: ""  # the network stands in for it',
        ],
        'spec:',
        '  kubeadmConfigSpec:',
        if wanted.flags(policy) != [] then [
          '    clusterConfiguration:',
          '      apiServer:',
          '        extraArgs:',
          installer.named('          ', wanted.flags(policy)),
        ],
        installer.indented('        ', installer.volumes(policy, wanted)),
        if wanted.flags(policy) != [] then '    files:',
        if wanted.people then [
          '      - path: ' + wanted.authentication,
          '        owner: root:root',
          '        permissions: "0600"',
          '        content: |',
          installer.indented('          ', wanted.configuration),
        ],
        if wanted.audit then [
          '      - path: ' + policy,
          '        owner: root:root',
          '        permissions: "0600"',
          '        content: |',
          installer.indented('          ', wanted.policy),
        ],
        '    initConfiguration:',
        if wanted.proxyless then '      skipPhases: [addon/kube-proxy]',
        kubelet('      '),
        '    joinConfiguration:',
        kubelet('      '),
      ],
    },
    {
      where: 'The `KubeadmConfigTemplate` of its workers:',
      text: [
        'apiVersion: bootstrap.cluster.x-k8s.io/v1beta2',
        'kind: KubeadmConfigTemplate',
        'spec:',
        '  template:',
        '    spec:',
        '      joinConfiguration:',
        kubelet('        '),
      ],
    },
  ],
  steps(p, wanted):: (
    if wanted.network then ["Cluster API brings no network: machines are NotReady until this repository's is there. Take no ClusterResourceSet that brings another."] else []
  ) + [installer.approval],
})
