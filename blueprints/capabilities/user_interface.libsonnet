// user-interface: let less experienced users in.
local capability = import '../lib/capability.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'user-interface',
  purpose: 'let less experienced users in',
  takes: tier('optional', 'mandatory headlamp', 'mandatory headlamp'),
})
