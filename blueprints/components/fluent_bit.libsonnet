// fluent-bit reads the logs of all pods on every machine, and hands them to where they are kept.
//
// It stands in the namespace of what keeps logs: that lets nobody in but by Secrets of its own.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'fluent-bit';
local labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name };

// Where it notes on the machine how far it has read, and keeps what nobody took yet.
local store = '/var/lib/fluent-bit/direct';

// The Secrets that it reads, by the fact that names each, with what it takes of them.
local shown = {
  authority: { 'tls.ca_file': 'ca.crt' },
  identity: { 'tls.crt_file': 'tls.crt', 'tls.key_file': 'tls.key' },
};

// section is one of its configuration, a pair of name and value in each line.
local section(kind, lines) = '[' + kind + ']\n' + std.join('', ['    ' + line[0] + ' ' + line[1] + '\n' for line in lines]);

local service = section('SERVICE', [
  ['Daemon', 'Off'],
  ['Flush', '1'],
  ['Log_Level', 'warn'],
  ['Parsers_File', '/fluent-bit/etc/parsers.conf'],
  ['HTTP_Server', 'On'],
  ['HTTP_Listen', '0.0.0.0'],
  ['HTTP_Port', '2020'],
  ['storage.path', store],
  ['storage.metrics', 'On'],
  ['storage.max_chunks_up', '64'],
  ['storage.backlog.mem_limit', '16M'],
]);

// What it says itself is not collected: each thing that goes wrong would make more of it.
local inputs(namespace) = section('INPUT', [
  ['Name', 'tail'],
  ['Tag', 'kube.*'],
  ['Path', '/var/log/containers/*.log'],
  ['Exclude_Path', '/var/log/containers/' + name + '-*_' + namespace + '_*.log'],
  ['multiline.parser', 'cri'],
  ['DB', store + '/positions.db'],
  ['Read_from_Head', 'On'],
  ['Skip_Long_Lines', 'On'],
  ['Rotate_Wait', '30'],
  ['storage.type', 'filesystem'],
]);

local filters(cluster) = section('FILTER', [
  ['Name', 'kubernetes'],
  ['Match', 'kube.*'],
  ['Annotations', 'Off'],
  ['Buffer_Size', '256k'],
  ['Merge_Log', 'Off'],
]) + section('FILTER', [
  ['Name', 'modify'],
  ['Match', '*'],
  ['Rename', 'log message'],
  ['Remove', '_p'],
  ['Remove', 'time'],
  ['Add', 'cluster ' + cluster],
]);

local alarms = [{ name: name, rules: [
  measure.alarm(
    'LogsNotTaken',
    'warning',
    '30m',
    'rate(fluentbit_output_retries_total[15m]) > 0',
    'Fluent Bit {{ $labels.pod }} does not get rid of logs: they wait on the disk of its machine.'
  ),
  measure.alarm(
    'LogsOverflow',
    'critical',
    '10m',
    'fluentbit_output_chunk_available_capacity_percent < 20',
    'Less than a fifth of what Fluent Bit {{ $labels.pod }} may keep on its machine is left: then it drops what is oldest.'
  ),
  measure.alarm(
    'LogsDropped',
    'critical',
    '5m',
    'rate(fluentbit_output_dropped_records_total[15m]) > 0',
    'Fluent Bit {{ $labels.pod }} drops logs.'
  ),
] }];

local panels = [
  measure.line('Lines read', 'short', { '{{pod}}': 'sum by (pod) (rate(fluentbit_input_records_total[5m]))' }),
  measure.line('Lines handed on', 'short', { '{{pod}}': 'sum by (pod) (rate(fluentbit_output_proc_records_total[5m]))' }),
  measure.line('Chunks that wait on disks', 'short', { '{{pod}}': 'sum by (pod) (fluentbit_storage_fs_chunks)' }),
  measure.line('Tried again', 'short', { '{{pod}}': 'sum by (pod) (rate(fluentbit_output_retries_total[5m]))' }),
];

component(
  {
    name: name,
    purpose: 'reads the logs of all pods on every machine, and hands them to where they are kept',
    params: {
      buffer: 'what it keeps on the disk of each machine while nothing takes logs',
    },
  },
  {
    namespace: 'logging',
    version: '0.58.1',
    buffer: '1G',
  },
  function(p, platform)
    local namespace =
      if std.member([null, p.namespace], platform.logging.namespace) then p.namespace
      else error 'fluent-bit: set its parameter namespace to ' + platform.logging.namespace + ', as what keeps logs has it: the Secrets that let it in stand there';
    local output =
      if platform.logging.output != null then platform.logging.output
      else error 'fluent-bit: nothing of capabilities.logging says where Fluent Bit hands logs on; choose an option that does, or switch fluent-bit off';
    local password = platform.logging.password;
    local secrets = [fact for fact in std.objectFields(shown) if platform.logging[fact] != null];
    local access =
      [[key, '/etc/' + fact + '/' + shown[fact][key]] for fact in secrets for key in std.objectFields(shown[fact])]
      + if password == null then [] else [['HTTP_Passwd', '${PASSWORD}']];
    {
      stage: why(stages.last, 'It waits for Secrets of what keeps logs, and nothing else should.'),
      namespace: namespace,
      registries: ['cr.fluentbit.io/fluent/', 'ghcr.io/jimmidyson/'],
      images: ['cr.fluentbit.io/fluent/fluent-bit', 'ghcr.io/jimmidyson/configmap-reload'],
      charts: [{
        repo: 'https://fluent.github.io/helm-charts',
        name: name,
        version: p.version,
        values: {
          testFramework: { enabled: false },
          config: {
            service: service,
            inputs: inputs(namespace),
            filters: filters(platform.cluster.name),
            outputs: why(section('OUTPUT', [['Match', 'kube.*']] + [[key, output[key]] for key in std.objectFields(output)] + access + [
              ['Retry_Limit', 'no_limits'],
              ['storage.total_limit_size', p.buffer],
            ]), 'What is not taken waits on the disk of the machine; when there is more than fits, the oldest goes.'),
          },
          hotReload: why({
            enabled: true,
            extraWatchVolumes: secrets,
            resources: kube.resources('5m', '16Mi', '64Mi'),
            securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
          }, 'It reads certificates once, and must be told when they are renewed.'),
          [if password != null then 'env']: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: password } }],
          daemonSetVolumes: [
            { name: 'varlog', hostPath: { path: '/var/log', type: 'Directory' } },
            { name: 'store', hostPath: { path: store, type: 'DirectoryOrCreate' } },
          ],
          daemonSetVolumeMounts: [
            { name: 'varlog', mountPath: '/var/log', readOnly: true },
            { name: 'store', mountPath: store },
          ],
          extraVolumes: [
            { name: fact, secret: { secretName: platform.logging[fact], items: [{ key: shown[fact][key], path: shown[fact][key] } for key in std.objectFields(shown[fact])] } }
            for fact in secrets
          ],
          extraVolumeMounts: [{ name: fact, mountPath: '/etc/' + fact, readOnly: true } for fact in secrets],
          tolerations: why([{ effect: 'NoSchedule', operator: 'Exists' }], 'Also the logs of the machines that run the control plane.'),
          readinessProbe: { httpGet: { path: why('/api/v1/uptime', 'Whether it works, and not whether its logs are taken.') } },
          resources: kube.resources('50m', '64Mi', '256Mi'),
          podSecurityContext: { seccompProfile: { type: 'RuntimeDefault' } },
          securityContext: kube.confined { readOnlyRootFilesystem: true, runAsUser: 0, runAsGroup: 65532 },
          serviceAccount: { automountServiceAccountToken: why(true, 'It asks the API server whose logs these are.') },
        },
      }],
      // The chart has no value for its probes.
      patches: [{ target: { kind: 'DaemonSet', name: name }, patch: kube.object('apps/v1', 'DaemonSet', name, rest={ spec: { template: { spec: {
        containers: [{ name: 'reloader', livenessProbe: { tcpSocket: { port: 9533 } } }],
      } } } }) }],
      objects: {
        // Whoever reaches it may have it read its configuration again.
        'network-policy.yaml': kube.reached(name, namespace, { matchLabels: labels }, platform.monitoring.peers),
      },
      extras: {
        'monitor.yaml': platform.monitoring.podMonitor(name, namespace, { matchLabels: labels }, [{ port: 'http', path: '/api/v2/metrics/prometheus' }])
                        + platform.monitoring.rules(name, namespace, alarms),
        'dashboard.yaml': platform.monitoring.dashboard(name, 'Collection of logs', panels),
      },
      data: [data.of({
        what: 'logs that Fluent Bit has not handed on',
        where: store + ' of each machine',
        dispensable: 'it is what was on its way, of the last minutes where all works',
      })],
      extrasStage: stages.last,
      waivers: [{
        rule: 'pods/run-as-non-root',
        match: { kind: 'DaemonSet', namespace: namespace, name: name, container: name },
        reason: 'The files of the logs belong to root of the machine, which alone reads them.',
      }] + waive(
        ['pods/host-path', 'pods/sensitive-host-path', 'pods/writable-host-path'],
        { kind: 'DaemonSet', namespace: namespace, name: name },
        'The logs of all pods stand below /var/log of the machine, which it only reads; what waits must outlive the pod.'
      ),
    },
)
