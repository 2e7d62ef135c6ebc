// opentelemetry-collector takes traces from everybody in the cluster, says which pod each is of, and sends them to where they
// are kept.
local component = import '../lib/component.libsonnet';
local derived = import '../lib/derived.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'opentelemetry-collector';

local alarms = [{ name: name, rules: [
  measure.alarm(
    'TracesNotSent',
    'warning',
    '10m',
    'sum(rate(otelcol_exporter_send_failed_spans_total{service="' + name + '"}[5m])) > 0',
    '{{ $value | humanize }} spans a second do not reach what keeps them.'
  ),
  measure.alarm(
    'TracesRefused',
    'warning',
    '10m',
    'sum(rate(otelcol_receiver_refused_spans_total{service="' + name + '"}[5m])) > 0',
    '{{ $value | humanize }} spans a second are refused: there are more than the collector can hold.'
  ),
] }];

component(
  {
    name: name,
    purpose: 'takes traces from everybody in the cluster and sends them to where they are kept',
    params: {
      share: 'the share of traces that is kept, in percent',
    },
  },
  {
    namespace: derived('where traces are kept', function(p, platform) if platform.tracing.namespace != null then platform.tracing.namespace else 'tracing'),
    version: '0.170.0',
    replicas: tier(1, 2, 2),
    share: 100,
    resources:: tier(kube.resources('50m', '128Mi', '512Mi'), kube.resources('100m', '256Mi', '1Gi'), kube.resources('250m', '512Mi', '2Gi')),
  },
  function(p, platform)
    local store =
      if platform.tracing.store != null then platform.tracing.store
      else error 'opentelemetry-collector: nothing of capabilities.tracing says where traces are kept; choose the option jaeger, or name it in capabilities.tracing.external.facts.store';
    local labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name };
    local off = { enabled: false };
    local sampled = p.share < 100;
    {
      stage: stages.last,
      extrasStage: stages.last,
      namespace: p.namespace,
      [if platform.tracing.namespace == null then 'namespaces']: { [p.namespace]: 'restricted' },
      registries: ['ghcr.io/open-telemetry/'],
      images: ['ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-k8s'],
      charts: [{
        repo: 'https://open-telemetry.github.io/opentelemetry-helm-charts',
        name: name,
        version: p.version,
        values: {
          mode: 'deployment',
          image: { repository: 'ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-k8s' },
          replicaCount: p.replicas,
          presets: { kubernetesAttributes: why({ enabled: true }, 'It may list pods, so that a trace says which pods it went through.') },
          config: {
            receivers: why({ jaeger: null, prometheus: null, zipkin: null }, 'OTLP alone: what everything speaks by now.'),
            [if sampled then 'processors']: { probabilistic_sampler: { sampling_percentage: p.share } },
            exporters: {
              debug: null,
              otlp: {
                endpoint: store,
                tls: why({ insecure: true }, 'Within the cluster; the network encrypts between machines.'),
              },
            },
            service: { pipelines: {
              logs: null,
              metrics: null,
              traces: {
                receivers: ['otlp'],
                processors: ['memory_limiter', 'k8sattributes'] + (if sampled then ['probabilistic_sampler'] else []) + ['batch'],
                exporters: ['otlp'],
              },
            } },
          },
          ports: { [port]: off for port in ['jaeger-compact', 'jaeger-grpc', 'jaeger-thrift', 'zipkin'] } + {
            health: { enabled: true, containerPort: 13133, servicePort: 13133, protocol: 'TCP' },
            metrics: { enabled: true },
          },
          livenessProbe: { failureThreshold: 6 },
          podSecurityContext: kube.user(10001),
          securityContext: kube.confined { readOnlyRootFilesystem: true },
          resources: p.resources,
        } + if p.replicas == 1 then {} else {
          podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
          topologySpreadConstraints: kube.spread(labels),
        },
      }],
      objects: {
        // Every pod may send its traces, and nobody but what measures asks anything else.
        'network-policy.yaml': kube.reached(name, p.namespace, { matchLabels: labels }, platform.monitoring.peers) { spec+: { ingress+: [{
          from: [{ namespaceSelector: {} }],
          ports: [{ port: port, protocol: 'TCP' } for port in [4317, 4318]],
        }] } },
      },
      extras: {
        'monitor.yaml':
          platform.monitoring.monitor(name, p.namespace, { matchLabels: labels }, [{ port: 'metrics' }])
          + platform.monitoring.rules(name, p.namespace, alarms),
      },
    },
)
