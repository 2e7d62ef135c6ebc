// cluster-autoscaler: scale nodes with load.
local capability = import '../lib/capability.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'cluster-autoscaler',
  purpose: 'scale nodes with load',
  vital: 'where the machines are full no further one comes',
  takes: tier('optional', 'optional', 'recommended cluster-autoscaler'),
})
