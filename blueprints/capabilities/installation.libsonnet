// installation: robust, automated cluster management.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'installation',
  purpose: 'robust, automated cluster management',
  takes: tier('mandatory kubeadm', 'mandatory kubespray', 'mandatory cluster-api'),
  facts: {
    containers: fact('the socket of the container engine on the machines', '/run/containerd/containerd.sock'),
  },
})
