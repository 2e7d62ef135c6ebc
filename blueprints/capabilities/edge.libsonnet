// edge: publish services without open ports.
local capability = import '../lib/capability.libsonnet';

capability({
  name: 'edge',
  purpose: 'publish services without open ports',
  vital: 'nothing that is published leads in any more',
  takes: 'optional',
})
