// network: connect containers, enforce network policies, encrypt.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';

capability({
  name: 'network',
  purpose: 'connect containers, enforce network policies, encrypt',
  vital: 'no pod starts',
  takes: 'mandatory cilium',
  facts: {
    namespace: fact('where it stands'),
    policy: fact('the API version of its own network policies'),
    proxyless: fact('whether it stands in for kube-proxy, and the cluster is to be installed without', false),
    loadBalancer: fact('the option of load-balancer that it is itself'),
  },
})
