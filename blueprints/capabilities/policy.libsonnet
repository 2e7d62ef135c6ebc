// policy: enforce security and internal policy at the API.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'policy',
  purpose: 'enforce security and internal policy at the API',
  takes: tier('optional', 'optional', 'mandatory gatekeeper'),
  facts: {
    namespace: fact('where the engine stands'),
  },
})
