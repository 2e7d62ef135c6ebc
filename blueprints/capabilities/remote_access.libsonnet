// remote-access: reach cluster and services privately.
local capability = import '../lib/capability.libsonnet';

capability({
  name: 'remote-access',
  purpose: 'reach cluster and services privately',
  takes: 'optional',
})
