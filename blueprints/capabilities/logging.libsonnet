// logging: logs of all workloads in one place.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'logging',
  purpose: 'logs of all workloads in one place',
  takes: tier('mandatory loki', 'mandatory logging-operator', 'mandatory opensearch'),
  facts: {
    namespace: fact('where the logs are kept'),
    senders: fact('the namespaces of what sends logs there', []),
    push: fact('the URL that takes logs as Loki does'),
  },
})
