// policy: enforce security and internal policy at the API.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'policy',
  purpose: 'enforce security and internal policy at the API',
  vital: 'nobody judges what comes to the API, and where nothing passes unjudged nothing passes',
  takes: tier('optional', 'optional', 'mandatory gatekeeper'),
  facts: {
    namespace: fact('where the engine stands'),
  },
})
