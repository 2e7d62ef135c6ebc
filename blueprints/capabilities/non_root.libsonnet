// non-root: no root containers.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'non-root',
  purpose: 'no root containers',
  takes: tier('optional', 'mandatory pod-security', 'mandatory pod-security'),
  facts: {
    level: fact('the Pod Security level of namespaces'),
  },
})
