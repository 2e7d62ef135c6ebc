// logging-operator collects the logs of all pods, and routes them: Fluent Bit reads them on every machine, Fluentd filters them and
// hands them on.
//
// All go to where logs are kept. Whoever wants some of them elsewhere too writes a Flow and an Output beside the workload.
// The operator of Banzai Cloud goes on at kube-logging.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'logging-operator';
local logging = 'platform';
local group = 'logging.banzaicloud.io/v1beta1';

// The labels that the operator gives what it makes.
local made(name) = { 'app.kubernetes.io/managed-by': logging, 'app.kubernetes.io/name': name };

local metrics = 24231, forward = 24240, monitor = 2020;

// What is told of each line, as everything that sends logs tells it.
local labels = {
  namespace: '$.kubernetes.namespace_name',
  pod: '$.kubernetes.pod_name',
  container: '$.kubernetes.container_name',
  node: '$.kubernetes.host',
  app: "$['kubernetes']['labels']['app.kubernetes.io/name']",
};

local alarms = [{ name: name, rules: [
  measure.alarm(
    'LogsNotHandedOn',
    'warning',
    '30m',
    'increase(fluentd_output_status_num_errors[15m]) > 0',
    'Fluentd {{ $labels.pod }} does not get rid of logs: they wait on its disk.'
  ),
  measure.alarm(
    'LogBufferFills',
    'critical',
    '10m',
    'fluentd_output_status_buffer_available_space_ratio < 20',
    'Less than a fifth of the buffer of Fluentd {{ $labels.pod }} is left: once it is full, what machines rotate away is lost.'
  ),
  measure.alarm(
    'LogsLost',
    'critical',
    '10m',
    'rate(fluentbit_output_retries_failed_total[10m]) > 0',
    'Fluent Bit {{ $labels.pod }} gives up on logs that it cannot hand to Fluentd.'
  ),
] }];

local panels = [
  measure.line('Lines read', 'short', { '{{pod}}': 'sum by (pod) (rate(fluentbit_input_records_total[5m]))' }),
  measure.line('Lines handed on', 'short', { '{{pod}}': 'sum by (pod) (rate(fluentd_output_status_emit_records[5m]))' }),
  measure.line('Waiting on disks', 'bytes', { '{{pod}}': 'sum by (pod) (fluentd_output_status_buffer_total_bytes)' }),
  measure.line('Errors', 'short', { '{{pod}}': 'sum by (pod) (rate(fluentd_output_status_num_errors[5m]))' }),
];

component(
  {
    name: name,
    purpose: 'collects the logs of all pods with Fluent Bit, and routes them with Fluentd',
    capability: 'logging',
    option: name,
    with: ['loki'],
    params: {
      agents: "the namespace of what reads the machines' files",
      replicas: 'pods of Fluentd',
      buffer: 'the disk of each Fluentd: what is kept there while nothing takes logs',
    },
  },
  {
    namespace: 'logging',
    version: '6.7.0',
    agents: 'fluent-bit',
    replicas: tier(1, 2, 3),
    buffer: tier('2Gi', '10Gi', '20Gi'),
    resources:: tier(kube.resources('50m', '192Mi', '512Mi'), kube.resources('250m', '384Mi', '1Gi'), kube.resources('500m', '512Mi', '2Gi')),
  },
  function(p, platform)
    local push =
      if platform.logging.push != null then platform.logging.push
      else error name + ': nothing keeps logs as Loki does';
    local class = platform.storage.class;
    local size =
      if std.endsWith(p.buffer, 'Gi') then std.parseInt(std.substr(p.buffer, 0, std.length(p.buffer) - 2))
      else error name + ': buffer ' + p.buffer + ': want whole GiB, as 10Gi';
    local image(ref, tag) = { repository: platform.image(ref), tag: tag };
    local ours(part) = image('ghcr.io/kube-logging/logging-operator/' + part, p.version);
    local confined = kube.confined { readOnlyRootFilesystem: true };
    local object(kind, name, namespace, spec) = kube.object(group, kind, name, namespace, { spec: spec });
    local on(port, peers) = if peers == [] then [] else [{ from: peers, ports: [{ port: port, protocol: 'TCP' }] }];
    local disk(folder) = { hostPath: { path: '/var/lib/fluent-bit/' + folder, type: 'DirectoryOrCreate' } };
    {
      stage: stages.operators,
      crds: true,
      namespaces: { [p.namespace]: 'restricted', [p.agents]: 'privileged' },
      registries: ['ghcr.io/kube-logging/', 'ghcr.io/fluent/'],
      images: ['ghcr.io/kube-logging/logging-operator'],
      charts: [{
        repo: 'oci://ghcr.io/kube-logging/helm-charts',
        name: name,
        version: p.version,
        includeCRDs: true,
        values: {
          resources: kube.resources('50m', '128Mi', '512Mi'),
          podSecurityContext: why(kube.user(65532), 'The image names no user.'),
          securityContext: confined,
        },
      }],
      objects: {
        'service-account.yaml': kube.object('v1', 'ServiceAccount', 'fluentd', p.namespace, { automountServiceAccountToken: false }),
        'network-policy.yaml': [
          kube.reached('fluentd', p.namespace, { matchLabels: made('fluentd') }, []) { spec+: {
            ingress: on(forward, kube.from([p.agents])) + on(metrics, platform.monitoring.peers),
          } },
          kube.reached('fluent-bit', p.agents, { matchLabels: made('fluentbit') }, platform.monitoring.peers),
          kube.reached(name, p.namespace, { matchLabels: { 'app.kubernetes.io/name': name } }, platform.monitoring.peers),
        ],
      },
      extras: {
        'logging.yaml': [
          object('Logging', logging, null, {
            controlNamespace: p.namespace,
            fluentBitAgentNamespace: p.agents,
            skipInvalidResources: why(true, "A mistake in a team's Flow stops that Flow, and not the logs of all others."),
            fluentd: {
              image: ours('fluentd') { tag: p.version + '-full' },
              configReloaderImage: ours('config-reloader'),
              scaling: { replicas: p.replicas, podManagementPolicy: 'Parallel' },
              [if p.replicas > 1 then 'pdb']: { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
              [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread(made('fluentd') { 'app.kubernetes.io/component': 'fluentd' }),
              bufferStorageVolume: { pvc: { spec: {
                accessModes: ['ReadWriteOnce'],
                resources: { requests: { storage: p.buffer } },
                [if class != null then 'storageClassName']: class,
              } } },
              resources: p.resources,
              configCheckResources: kube.resources('50m', '128Mi', '512Mi'),
              configReloaderResources: kube.resources('10m', '32Mi', '64Mi'),
              livenessProbe: {
                tcpSocket: { port: forward },
                initialDelaySeconds: 60,
                periodSeconds: 30,
                timeoutSeconds: 5,
              },
              readinessProbe: { tcpSocket: { port: forward }, periodSeconds: 10, timeoutSeconds: 5 },
              metrics: { enabled: true, port: metrics },
              security: {
                serviceAccount: 'fluentd',
                roleBasedAccessControlCreate: why(false, 'It asks the API server for nothing.'),
                podSecurityContext: kube.user(100) { runAsGroup: 101, fsGroup: 101 },
                securityContext: confined { runAsNonRoot: true, runAsUser: 100, runAsGroup: 101 },
              },
            },
          }),
          object('FluentbitAgent', logging, null, {
            image: image('ghcr.io/fluent/fluent-bit', '5.0.5'),  // as this version of the operator would take it
            disableVarLibDockerContainers: true,
            inputTail: {
              'storage.type': why('filesystem', 'What Fluentd does not take at once waits on the disk of the machine.'),
              'multiline.parser': ['cri'],
              Mem_Buf_Limit: '32MB',
            },
            bufferStorage: { 'storage.max_chunks_up': 64, 'storage.backlog.mem_limit': '16M' },
            filterKubernetes: {
              Annotations: 'Off',
              namespace_labels: 'Off',
              Merge_Log: why('Off', 'Lines arrive as they were written.'),
            },
            forwardOptions: { Require_ack_response: true, 'storage.total_limit_size': '1G' },
            positiondb: disk('positions'),
            bufferStorageVolume: disk('buffers'),
            resources: kube.resources('50m', '64Mi', '256Mi'),
            tolerations: why([{ effect: 'NoSchedule', operator: 'Exists' }], 'Also the logs of the machines that run the control plane.'),
            metrics: { enabled: true, port: monitor },
            livenessProbe: { httpGet: { path: '/', port: monitor }, initialDelaySeconds: 10, periodSeconds: 10, failureThreshold: 6 },
            readinessProbe: { httpGet: { path: '/api/v1/uptime', port: monitor }, periodSeconds: 10 },
            security: {
              podSecurityContext: { runAsUser: 0, runAsGroup: 0 },
              securityContext: confined { runAsUser: 0, runAsGroup: 0, seccompProfile: { type: 'RuntimeDefault' } },
            },
          }),
        ],
        'flow.yaml': [
          object('ClusterOutput', logging, p.namespace, { loki: {
            url: std.strReplace(push, '/loki/api/v1/push', ''),
            labels: labels,
            extra_labels: { cluster: platform.cluster.name },
            include_thread_label: false,
            remove_keys: ['_p', 'kubernetes', 'logtag', 'stream', 'time'],
            drop_single_key: true,
            buffer: why({
              timekey: '1m',
              timekey_wait: '10s',
              flush_interval: '10s',
              total_limit_size: size * 900 + 'MB',
              overflow_action: 'block',
            }, 'What is not taken waits on the disk; while that is full, Fluent Bit waits.'),
          } }),
          object('ClusterFlow', logging, p.namespace, {
            match: [{ select: {} }],
            globalOutputRefs: [logging],
          }),
        ],
        'monitor.yaml':
          platform.monitoring.podMonitor('fluentd', p.namespace, { matchLabels: made('fluentd') }, [{ port: 'monitor' }])
          + platform.monitoring.podMonitor('fluent-bit', p.agents, { matchLabels: made('fluentbit') }, [{ port: 'monitor', path: '/api/v2/metrics/prometheus' }])
          + platform.monitoring.podMonitor(name, p.namespace, { matchLabels: { 'app.kubernetes.io/name': name } }, [{ port: 'http' }])
          + platform.monitoring.rules(name, p.namespace, alarms),
        'dashboard.yaml': platform.monitoring.dashboard(name, 'Collection of logs', panels),
      },
      data: [data.of({
        what: 'logs that Fluentd and Fluent Bit have not handed on',
        where: 'claims in the namespace ' + p.namespace + ', and /var/lib/fluent-bit of each machine',
        dispensable: 'it is what was on its way, of the last minutes where all works',
      })],
      extrasStage: why(stages.agents, 'It runs on every machine, and sends to what keeps logs.'),
      waivers: waive(
        ['reliability/liveness-probe', 'reliability/readiness-probe'],
        { kind: 'Deployment', namespace: p.namespace, name: name },
        'It serves its measurements alone, and the chart has no value for its probes.'
      ) + waive(
        ['rbac/node-access', 'rbac/secrets', 'rbac/wildcard'],
        { kind: 'ClusterRole', name: name },
        'It makes the agents, with their accounts, Secrets and rights, and reads the Secrets that Outputs name; it can give no right that it has not.'
      ) + waive(
        ['pods/run-as-non-root'],
        { kind: 'FluentbitAgent', name: logging },
        'The files of the logs belong to root of the machine, which alone reads them.'
      ),
      provides:: { senders: [p.namespace] },
    },
)
