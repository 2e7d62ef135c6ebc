// logging: logs of all workloads in one place.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'logging',
  purpose: 'logs of all workloads in one place',
  takes: tier('mandatory loki', 'mandatory logging-operator', 'mandatory opensearch'),
  otherwise:: 'logging-operator',
  facts: {
    namespace: fact('where the logs are kept'),
    senders: fact('the namespaces of what sends logs there', []),
    push: fact('the URL that takes logs as Loki does'),
    output: fact('where Fluent Bit hands logs on, as its output has it, by key: its plugin, host and port'),
    authority: fact('the Secret, where the logs are kept, with the authority of what takes them in `ca.crt`'),
    identity: fact('the Secret, where the logs are kept, by which senders show who they are, as `tls.crt` and `tls.key`'),
    password: fact('the Secret, where the logs are kept, with the password of senders, `{name, key}`'),
  },
})
