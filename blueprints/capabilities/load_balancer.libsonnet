// load-balancer: virtual IPs for services and the API on bare metal.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';

capability({
  name: 'load-balancer',
  purpose: 'virtual IPs for services and the API on bare metal',
  vital: 'no address leads in any more, to the API among them',
  takes: 'recommended cilium',
  otherwise:: 'metallb',
  facts: {
    service: fact('the type of Service that is reached from outside', 'NodePort', outside='LoadBalancer'),
    externalTrafficPolicy: fact('whether machines without a proxy answer as well', 'Cluster'),
    bundled: fact('whether it is what the installer of the cluster brings', false),
    networkValues: fact('the values that the chart of the network needs for it', {}),
  },
})
