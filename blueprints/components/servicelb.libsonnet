// servicelb gives Services the addresses of the machines themselves. It is a part of K3s, which brings it.
local component = import '../lib/component.libsonnet';

component(
  {
    name: 'servicelb',
    purpose: 'gives Services the addresses of the machines, with what K3s brings',
    capability: 'load-balancer',
    option: 'servicelb',
    requires: { installation: 'k3s' },
  },
  { namespace:: null },
  function(p, platform) {
    provides:: {
      bundled: true,
      service: 'LoadBalancer',
      externalTrafficPolicy: 'Cluster',  // names lead to any of the machines, and not each has a pod that answers
    },
  },
)
