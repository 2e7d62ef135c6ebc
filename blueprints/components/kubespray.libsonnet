// kubespray installs the cluster: what the variables of its inventory must say, and what it leaves out.
local installer = import '../lib/installer.libsonnet';

installer.component({
  name: 'kubespray',
  title: 'Kubespray',
  purpose: 'installs Kubernetes on machines that are there, all together, with Ansible',
  kubelets: 'kubelets sign their certificates themselves, until kubelet_rotate_server_certificates is true: then Kubespray brings what approves their requests, too.',
  etcd: {
    where: 'the machines of the group etcd',
    save: 'etcdctl.sh snapshot save FILE on one of these machines, each night; keep it elsewhere, with the inventory and /etc/ssl/etcd',
    back: |||
      What Git and the backups have comes back without a snapshot of etcd. To have all other objects back, too, follow `docs/operations/recover-control-plane.md` of Kubespray, with the inventory of before.
    |||,
  },
  files(p, wanted):: [
    {
      where: '`inventory/<cluster>/group_vars/k8s_cluster/k8s-cluster.yml`:',
      text: [
        if wanted.network then 'kube_network_plugin: cni  # none of its own: the network comes with this repository',
        if wanted.network then 'kube_owner: root  # the network puts its programs into /opt/cni/bin',
        if wanted.proxyless then 'kube_proxy_remove: true  # the network stands in for it',
        if wanted.pods != null then 'kube_pods_subnet: ' + wanted.pods,
        if wanted.services != null then 'kube_service_addresses: ' + wanted.services,
        'kubelet_rotate_server_certificates: true',
        if wanted.virtualIP != null then 'supplementary_addresses_in_ssl_keys: ["' + wanted.virtualIP + '"]',
        if wanted.audit then ['kubernetes_audit: true', 'audit_policy_custom_rules: |', installer.indented('  ', wanted.auditRules)],
        if wanted.people then [
          'kube_kubeadm_apiserver_extra_args:',
          installer.mapped('  ', wanted.peopleFlags),
          'apiserver_extra_volumes:',
          '  - {name: authentication, hostPath: ' + wanted.identities + ', mountPath: ' + wanted.identities + ', readOnly: true}',
        ],
      ],
    },
    {
      where: '`inventory/<cluster>/group_vars/all/all.yml`:',
      text: [if wanted.virtualIP != null then ['loadbalancer_apiserver:', '  address: "' + wanted.virtualIP + '"', '  port: 6443']],
    },
    {
      where: '`inventory/<cluster>/group_vars/k8s_cluster/addons.yml`, as it is by default:',
      text: [
        'argocd_enabled: false',
        'cert_manager_enabled: false',
        if wanted.storage then 'local_path_provisioner_enabled: false',
        if wanted.loadBalancer then 'metallb_enabled: false',
        'metrics_server_enabled: false',
      ],
    },
  ],
  steps(p, wanted):: if wanted.network then ["Machines are NotReady until this repository's network is there: that Kubespray waits for CoreDNS in vain does no harm."] else [],
})
