// tracing: application troubleshooting.
local capability = import '../lib/capability.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'tracing',
  purpose: 'application troubleshooting',
  takes: tier('optional', 'optional', 'recommended jaeger'),
})
