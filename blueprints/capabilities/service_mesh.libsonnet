// service-mesh: traffic management, mutual TLS.
local capability = import '../lib/capability.libsonnet';

capability({
  name: 'service-mesh',
  purpose: 'traffic management, mutual TLS',
  takes: 'optional',
})
