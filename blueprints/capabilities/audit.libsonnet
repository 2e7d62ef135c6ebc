// audit: detect suspicious activity.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'audit',
  purpose: 'detect suspicious activity',
  takes: tier('optional', 'mandatory falco', 'mandatory falco'),
  facts: {
    senders: fact('the namespaces whose pods send alarms', []),
  },
})
