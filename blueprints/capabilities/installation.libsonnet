// installation: robust, automated cluster management.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'installation',
  purpose: 'robust, automated cluster management',
  takes: tier('mandatory kubeadm', 'mandatory kubespray', 'mandatory cluster-api'),
  facts: {
    authentication: fact('the file on the machines of the control plane by which the API server learns whose tokens it takes', '/etc/kubernetes/authentication/config.yaml'),
    containers: fact('the socket of the container engine on the machines', '/run/containerd/containerd.sock'),
    title: fact('its name, for people'),
    kubelets: fact("how kubelets' certificates come to be trusted, as a sentence"),
    api: fact('where every machine reaches the API server without kube-proxy, `{host, port}`'),
    snapshots: fact('whether it brings what has drivers make snapshots of volumes, with the kinds for that', false),
    sealed: fact("whether the machines' own system cannot be changed: nothing may be installed, loaded into the kernel or mounted over there", false),
  },
})
