// tenancy: teams work apart.
local capability = import '../lib/capability.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'tenancy',
  purpose: 'teams work apart',
  takes: tier('optional', 'recommended teams', 'mandatory teams'),
  implied(spec):: if spec.teams == [] then 'none' else 'teams',
})
