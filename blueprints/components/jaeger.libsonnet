// jaeger keeps the traces of requests through several services. Grafana shows them.
//
// Its page asks nobody who they are, so it is not exposed. One server keeps them, on a disk or, without one, in memory.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local derived = import '../lib/derived.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'jaeger';
local collector = 'opentelemetry-collector';

// What takes traces from everybody stands beside it, and brings alarms on what does not arrive here.
local alarms(namespace) = [{ name: name, rules: [
  measure.alarm(
    'TracesNotKept',
    'warning',
    '10m',
    'sum(rate(otelcol_exporter_send_failed_spans_total{service="' + name + '"}[5m])) > 0',
    'Jaeger cannot keep {{ $value | humanize }} spans a second.'
  ),
  measure.alarm('TracesLost', 'warning', '15m', 'absent(up{namespace="' + namespace + '", service="' + name + '"} == 1)', 'Nobody keeps traces: Jaeger is lost.'),
] }];

component(
  {
    name: name,
    purpose: 'keeps the traces of requests through several services',
    capability: 'tracing',
    option: name,
    with: [collector],
    params: {
      retention: 'how long traces are kept on a disk',
      storage: 'the disk; without one traces are in memory',
      traces: 'how many traces are kept in memory, where there is no disk',
    },
  },
  {
    namespace: 'tracing',
    version: '4.11.1',
    retention: tier('24h', '72h', '168h'),
    storage: derived('none, 20Gi or 50Gi by tier, and none where nothing serves storage: then they are in memory', function(p, platform)
      if platform.storage.class == null then null else p.disk),
    traces: 50000,
    disk:: tier(null, '20Gi', '50Gi'),
    resources:: tier(kube.resources('50m', '256Mi', '1Gi'), kube.resources('100m', '512Mi', '2Gi'), kube.resources('250m', '1Gi', '4Gi')),
  },
  function(p, platform)
    local stored = p.storage != null;
    local labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name };
    local disk = '/badger';
    local everywhere(port) = { endpoint: '0.0.0.0:' + port };
    local config = {
      service: {
        extensions: ['jaeger_storage', 'jaeger_query', 'healthcheckv2'],
        pipelines: { traces: { receivers: ['otlp'], processors: ['memory_limiter', 'batch'], exporters: ['jaeger_storage_exporter'] } },
        telemetry: {
          resource: { 'service.name': name },
          metrics: { level: 'detailed', readers: [{ pull: { exporter: { prometheus: { host: '0.0.0.0', port: 8888 } } } }] },
          logs: { level: 'info' },
        },
      },
      extensions: {
        healthcheckv2: { use_v2: true, http: everywhere(13133) },
        jaeger_query: { storage: { traces: 'store' }, http: everywhere(16686), grpc: everywhere(16685) },
        jaeger_storage: { backends: { store:
          if stored then { badger: {
            directories: { keys: disk + '/keys', values: disk + '/values' },
            ephemeral: false,
            ttl: { spans: p.retention },
          } }
          else why({ memory: { max_traces: p.traces } }, 'A new trace pushes out the oldest, and a new pod begins with none.') } },
      },
      receivers: { otlp: { protocols: { grpc: everywhere(4317) } } },
      processors: {
        memory_limiter: why({ check_interval: '1s', limit_percentage: 80, spike_limit_percentage: 20 }, 'Rather than be killed it refuses traces for a while.'),
        batch: {},
      },
      exporters: { jaeger_storage_exporter: { trace_storage: 'store' } },
    };
    {
      stage: why(stages.last, 'Its disk may wait for somebody to give one, and nothing else should.'),
      extrasStage: stages.last,
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['docker.io/jaegertracing/'],
      images: ['jaegertracing/jaeger'],
      charts: [{
        repo: 'https://jaegertracing.github.io/helm-charts',
        name: name,
        version: p.version,
        values: {
          userconfig: config,
          jaeger: {
            podLabels: why({ config: std.md5(std.manifestJsonMinified(config))[:12] }, 'A new configuration makes new pods.'),
            extraEnv: why([{ name: 'OTEL_TRACES_SAMPLER', value: 'always_off' }], 'It does not trace itself.'),
            serviceAccount: { automountServiceAccountToken: why(false, 'It never asks the API server.') },
            podSecurityContext: kube.user(10001) { fsGroup: 10001 },
            securityContext: kube.confined { readOnlyRootFilesystem: true },
            resources: p.resources,
            extraVolumes: [{ name: 'tmp', emptyDir: {} }] + (if stored then [{ name: 'disk', persistentVolumeClaim: { claimName: name } }] else []),
            extraVolumeMounts: [{ name: 'tmp', mountPath: '/tmp' }] + (if stored then [{ name: 'disk', mountPath: disk }] else []),
          },
        },
      }],
      objects: {
        [if stored then 'claim.yaml']: kube.object('v1', 'PersistentVolumeClaim', name, p.namespace, {
          metadata+: { annotations: kube.kept },
          spec: {
            accessModes: ['ReadWriteOnce'],
            [if platform.storage.class != null then 'storageClassName']: platform.storage.class,
            resources: { requests: { storage: p.storage } },
          },
        }),
        // Whoever reaches it reads the requests of everybody.
        'network-policy.yaml': kube.reached(
          name, p.namespace, { matchLabels: labels }, [{ podSelector: {} }] + kube.from([namespace for namespace in [platform.monitoring.namespace] if namespace != null])
        ),
      },
      extras: {
        'datasource.yaml': platform.monitoring.datasource(name, {
          name: 'Jaeger',
          type: 'jaeger',
          uid: name,
          access: 'proxy',
          url: 'http://' + name + '.' + p.namespace + '.svc:16686',
        }),
        'monitor.yaml':
          platform.monitoring.monitor(name, p.namespace, { matchLabels: labels }, [{ port: 'internal-metrics' }])
          + platform.monitoring.rules(name, p.namespace, alarms(p.namespace)),
      },
      data: if !stored then [] else [data.claims(platform, p.namespace, {
        what: 'the volume of Jaeger',
        where: 'PersistentVolumeClaim ' + p.namespace + '/' + name,
        loss: 'traces',
        history: true,
      })],
      readme: { started: std.strReplace(|||
        Whoever has a kubeconfig sees traces in Jaeger's own page, too:

        ```sh
        kubectl -n NAMESPACE port-forward service/jaeger 16686
        ```
      |||, 'NAMESPACE', p.namespace) },
      provides:: {
        namespace: p.namespace,
        grpc: collector + '.' + p.namespace + '.svc:4317',
        http: 'http://' + collector + '.' + p.namespace + '.svc:4318',
        store: name + '.' + p.namespace + '.svc:4317',
      },
    },
)
