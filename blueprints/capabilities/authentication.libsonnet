// authentication: users authenticate and are authorised.
local capability = import '../lib/capability.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'authentication',
  purpose: 'users authenticate and are authorised',
  takes: tier('recommended dex', 'mandatory dex', 'mandatory dex'),
})
