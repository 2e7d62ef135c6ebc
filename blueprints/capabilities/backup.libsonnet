// backup: redundancy is no backup.
local capability = import '../lib/capability.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'backup',
  purpose: 'redundancy is no backup',
  takes: tier('optional', 'optional', 'mandatory velero'),
})
