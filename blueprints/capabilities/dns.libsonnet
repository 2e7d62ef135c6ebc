// dns: manage DNS entries.
local capability = import '../lib/capability.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'dns',
  purpose: 'manage DNS entries',
  takes: tier('optional', 'recommended external-dns', 'recommended external-dns'),
})
