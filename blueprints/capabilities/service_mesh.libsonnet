// service-mesh: traffic management, mutual TLS.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';

capability({
  name: 'service-mesh',
  purpose: 'traffic management, mutual TLS',
  takes: 'optional',
  facts: {
    anchors: fact('the namespace with the Secrets of its authorities, out of which trust-manager hands them on'),
  },
})
