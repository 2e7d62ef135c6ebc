// metrics: autoscaling works, the state of the cluster is visible.
local capability = import '../lib/capability.libsonnet';

capability({
  name: 'metrics',
  purpose: 'autoscaling works, the state of the cluster is visible',
  vital: 'nothing scales by load',
  takes: 'mandatory metrics-server',
})
