// serverless: small functions on scarce resources.
local capability = import '../lib/capability.libsonnet';

capability({
  name: 'serverless',
  purpose: 'small functions on scarce resources',
  takes: 'optional',
})
