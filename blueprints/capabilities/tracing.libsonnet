// tracing: application troubleshooting.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'tracing',
  purpose: 'application troubleshooting',
  takes: tier('optional', 'optional', 'recommended jaeger'),
  facts: {
    namespace: fact('where traces are kept'),
    grpc: fact('the host and port to which everybody sends traces, by OTLP as gRPC'),
    http: fact('the URL to which everybody sends traces, by OTLP as HTTP'),
    store: fact('the host and port where they are kept, by OTLP as gRPC: for what takes them from everybody'),
  },
})
