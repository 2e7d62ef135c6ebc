// talos installs the cluster, and is the machines' own system: what its machine configurations must say, and what they leave out.
local installer = import '../lib/installer.libsonnet';

installer.component({
  name: 'talos',
  title: 'Talos',
  purpose: 'installs Kubernetes together with a system that is nothing else, and that nobody logs in to',
  kubelets: 'kubelets sign their certificates themselves, until they have rotate-server-certificates: true and kubelet-serving-cert-approver\napproves their requests.',
  // KubePrism forwards this to all machines of the control plane.
  api: { host: 'localhost', port: '7445' },
  sealed: true,
  authentication: '/var/lib/authentication/config.yaml',  // it lets files stand below /var alone
  etcd: {
    where: '/var/lib/etcd on the control plane',
    save: 'talosctl -n ADDRESS etcd snapshot etcd.snapshot, each night; keep it with the secrets of the machine configurations',
    back: |||
      What Git and the backups have comes back without a snapshot of etcd. To have all other objects back, too, start the first machine of the control plane from one, with the machine configurations of before:

      ```sh
      talosctl -n ADDRESS bootstrap --recover-from=./etcd.snapshot
      ```
    |||,
  },
  files(p, wanted):: [
    {
      where: 'A patch for every machine, `all.yaml`:',
      text: [
        'machine:',
        '  features:',
        '    kubePrism: {enabled: true, port: 7445}',
        '  kubelet:',
        '    extraArgs:',
        '      rotate-server-certificates: "true"',
        if wanted.network || wanted.networks || wanted.proxyless then 'cluster:',
        if wanted.network || wanted.networks then '  network:',
        if wanted.network then '    cni: {name: none}  # the network comes with this repository',
        if wanted.pods != null then '    podSubnets: [' + wanted.pods + ']',
        if wanted.services != null then '    serviceSubnets: [' + wanted.services + ']',
        if wanted.proxyless then '  proxy: {disabled: true}  # the network stands in for it',
      ],
    },
    {
      where: 'A patch for machines of the control plane, `control-plane.yaml`:',
      text: [
        if wanted.people then [
          'machine:',
          '  files:',
          '    - path: ' + wanted.authentication,
          '      op: create',
          '      permissions: 0o644',
          '      content: |',
          installer.indented('        ', wanted.configuration),
        ],
        if wanted.people || wanted.audit then ['cluster:', '  apiServer:'],
        if wanted.people then [
          '    extraArgs:',
          installer.mapped('      ', wanted.peopleFlags),
          '    extraVolumes:',
          '      - {hostPath: ' + wanted.identities + ', mountPath: ' + wanted.identities + ', readonly: true}',
        ],
        if wanted.audit then ['    auditPolicy:', installer.indented('      ', wanted.policy)],
      ],
    },
  ],
  steps(p, wanted):: [
    'With these: `talosctl gen config CLUSTER https://' + (if wanted.endpoint != null then wanted.endpoint else 'ENDPOINT:6443') + ' --config-patch @all.yaml'
    + (if wanted.people || wanted.audit then ' --config-patch-control-plane @control-plane.yaml' else '') + '`.'
    + (if wanted.virtualIP != null then ' The machines of the control plane share `' + wanted.virtualIP + '`: `machine.network.interfaces[].vip.ip`, where they stand in one network.' else ''),
    'Kubernetes approves none of the certificates that kubelets then ask for: install [kubelet-serving-cert-approver](https://github.com/alex1989hu/kubelet-serving-cert-approver), which does.',
  ],
})
