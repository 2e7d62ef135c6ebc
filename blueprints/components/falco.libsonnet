// falco sees what processes on the machines do, and tells of what is suspicious.
//
// What it finds stands in its log, and what weighs enough is sent to those who hear alarms. The rules are those that its image
// brings; nothing is fetched. What the API server was asked, an audit policy of the installation writes down, not Falco.
local component = import '../lib/component.libsonnet';
local derived = import '../lib/derived.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'falco';
local sidekick = 'falco-falcosidekick';
local socket = 'container-engine-socket-0';

// Who asks the API server all day, which is an event a connection: the platform itself.
local platforms(platform) = std.set(['kube-system'] + [
  platform[capability].namespace
  for capability in ['gitops', 'ingress', 'logging', 'monitoring', 'network', 'policy', 'storage']
  if platform[capability].namespace != null
]);

local tuned(namespaces) =
  '- macro: user_known_contact_k8s_api_server_activities\n'
  + '  condition: (k8s.ns.name in (' + std.join(', ', namespaces) + '))\n'
  + '  override:\n'
  + '    condition: replace\n';

// What Falco drops nobody has looked at.
local alarms(namespace, sends) = [{ name: name, rules: [
  measure.alarm(
    'FalcoDropsEvents',
    'warning',
    '15m',
    'rate(falcosecurity_scap_n_drops_total[5m]) / rate(falcosecurity_scap_n_evts_total[5m]) > 0.01',
    '{{ $labels.pod }} is too slow for its machine: it has not looked at {{ $value | humanizePercentage }} of what happens there.'
  ),
  measure.alarm(
    'FalcoDropsFindings',
    'warning',
    '0m',
    'increase(falcosecurity_falco_outputs_queue_num_drops_total[15m]) > 0',
    '{{ $labels.pod }} found something and could not tell.'
  ),
  measure.alarm('FalcoUnknown', 'critical', '15m', 'absent(falcosecurity_scap_n_evts_total)', 'Nobody knows whether anything watches the machines: Falco is not measured.'),
] + if !sends then [] else [
  measure.alarm(
    'FalcoNotHeard',
    'critical',
    '5m',
    'sum by (destination) (increase(falcosecurity_falcosidekick_outputs_total{status="error"}[15m])) > 0',
    'What Falco finds does not reach {{ $labels.destination }}.'
  ),
  measure.alarm(
    'FalcosidekickLost',
    'critical',
    '15m',
    'absent(up{namespace="' + namespace + '", service="' + sidekick + '"} == 1)',
    'What Falco finds reaches nobody: falcosidekick, which sends it, is lost.'
  ),
] }];

local panels(sends) = [
  measure.line('Findings an hour', 'none', { '{{rule_name}}': 'sum by (rule_name) (increase(falcosecurity_falco_rules_matches_total[1h]))' }),
  measure.line('Not looked at', 'percentunit', {
    '{{pod}}': 'rate(falcosecurity_scap_n_drops_total[5m]) / rate(falcosecurity_scap_n_evts_total[5m])',
  }),
  measure.line('Events a second', 'none', { '{{pod}}': 'rate(falcosecurity_scap_n_evts_total[5m])' }),
] + if !sends then [] else [
  measure.line('Sent an hour', 'none', { '{{destination}}: {{status}}': 'sum by (destination, status) (increase(falcosecurity_falcosidekick_outputs_total[1h]))' }),
];

component(
  {
    name: name,
    purpose: 'sees what processes on the machines do, and tells of what is suspicious',
    capability: 'audit',
    option: name,
    vital: 'whoever fills the machines is not seen',
    params: {
      replicas: 'pods of what sends findings',
      alarms: 'the least priority that is an alarm: `notice`, `warning`, `error`, `critical`, `alert` or `emergency`',
      rules: "files of rules of one's own, `<name>.yaml: text`; they are read after those of Falco, and may change them",
      socket: 'where the container engine of the machines listens',
    },
  },
  {
    namespace: 'falco',
    version: '9.1.0',
    replicas: tier(1, 2, 2),
    alarms: 'warning',
    rules: {},
    socket: derived('where the installation has the container engine', function(p, platform) platform.installation.containers),
    resources:: tier(kube.resources('100m', '256Mi', '1Gi'), kube.resources('100m', '512Mi', '1Gi'), kube.resources('200m', '512Mi', '2Gi')),
  },
  function(p, platform)
    local sends = platform.monitoring.alertmanagers != [];
    local labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name };
    local sending = { 'app.kubernetes.io/name': 'falcosidekick', 'app.kubernetes.io/instance': name };
    local off = { enabled: false };
    // What the chart mounts for drivers that are built on the machine.
    local unused = { 'boot-fs': '/host/boot', 'lib-modules': '/host/lib/modules', 'usr-fs': '/host/usr' };
    local gone(of) = of { '$patch': 'delete' };
    {
      stage: stages.agents,
      namespaces: { [p.namespace]: 'privileged' },
      registries: ['docker.io/falcosecurity/'],
      images: ['docker.io/falcosecurity/falco', 'docker.io/falcosecurity/falcosidekick'],
      charts: [{
        repo: 'https://falcosecurity.github.io/charts',
        name: name,
        version: p.version,
        values: {
          driver: {
            kind: why('modern_ebpf', 'It is part of Falco: nothing is built or fetched, and no module is loaded into the kernel.'),
            loader: off,
            modernEbpf: { leastPrivileged: true },
          },
          falcoctl: why(
            { artifact: { install: off, follow: off } },
            'It would fetch other rules behind the back of Git. Those of the image are as old as Falco is.'
          ),
          collectors: { containerEngine: { engines: why(
            { [engine]: off for engine in ['bpm', 'containerd', 'docker', 'libvirt_lxc', 'lxc', 'podman'] }
            + { cri: { sockets: [p.socket] } },
            'By this it knows the pod of a process. Of another engine the parameter socket tells.'
          ) } },
          customRules: why(
            { 'platform.yaml': tuned(platforms(platform)) } + p.rules,
            'platform.yaml: the platform itself asks the API server all day.'
          ),
          falco: {
            config_files: why([], 'What the image has there would load the plugin for containers twice.'),
            watch_config_files: why(false, 'A new configuration makes new pods.'),
            time_format_iso_8601: true,
            json_output: true,
            syslog_output: off,
            log_syslog: false,
          },
          metrics: { enabled: true },
          resources: p.resources { limits+: { cpu: null } },
          healthChecks: { livenessProbe: { failureThreshold: 6 } },
          podPriorityClassName: why(kube.criticalEach, 'Where a machine is full, it goes last: nobody else looks.'),
          tolerations: why([{ effect: 'NoSchedule', operator: 'Exists' }], 'Also the machines that run the control plane.'),
          containerSecurityContext: why({
            allowPrivilegeEscalation: false,
            appArmorProfile: { type: 'Unconfined' },
            capabilities: { drop: ['ALL'], add: ['BPF', 'DAC_READ_SEARCH', 'PERFMON', 'SYS_PTRACE', 'SYS_RESOURCE'] },
            readOnlyRootFilesystem: true,
            runAsUser: 0,
            seccompProfile: { type: 'RuntimeDefault' },
          }, 'The rights to load its programs into the kernel and to read what processes are, and no more: it is not privileged.'),
        } + if !sends then {} else {
          falcosidekick: {
            enabled: true,
            replicaCount: p.replicas,
            priorityClassName: kube.critical,
            config: {
              alertmanager: {
                hostport: why(std.join(',', platform.monitoring.alertmanagers), 'All of them: they tell each other what they sent, and not what they heard.'),
                endpoint: '/api/v2/alerts',
                minimumpriority: p.alarms,
              },
              tlsserver: why({ notlspaths: '' }, 'Else its Service has a port on which nothing listens.'),
            },
            podSecurityContext: kube.user(1234),
            securityContext: kube.confined { readOnlyRootFilesystem: true },
            resources: kube.resources('20m', '64Mi', '256Mi'),
            [if p.replicas > 1 then 'affinity']: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{
              weight: 100,
              podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: sending } },
            }] } },
          },
        },
      }],
      patches: [{
        target: { kind: 'DaemonSet', name: name },
        patch: kube.object('apps/v1', 'DaemonSet', name, rest={ spec: { template: {
          metadata: { annotations: { 'container.apparmor.security.beta.kubernetes.io/falco': null } },
          spec: {
            automountServiceAccountToken: false,
            initContainers: null,
            containers: [{
              name: name,
              volumeMounts: [gone({ mountPath: unused[volume] }) for volume in std.objectFields(unused)]
                            + [{ mountPath: '/host' + p.socket, name: socket, readOnly: true }],
            }],
            volumes: [gone({ name: volume }) for volume in std.objectFields(unused) + ['falcoctl-config-volume']]
                     // Without a type a machine that has no such socket gets a folder of this name.
                     + [{ name: socket, hostPath: { path: p.socket, type: 'Socket' } }],
          },
        } } }),
      }] + if !sends then [] else [{
        target: { kind: 'Deployment', name: sidekick },
        patch: kube.object('apps/v1', 'Deployment', sidekick, rest={ spec: { template: { spec: { automountServiceAccountToken: false } } } }),
      }],
      objects: {
        'network-policy.yaml': [
          kube.reached(name, p.namespace, { matchLabels: labels }, platform.monitoring.peers),
        ] + if !sends then [] else [
          kube.reached(sidekick, p.namespace, { matchLabels: sending }, [{ podSelector: { matchLabels: labels } }] + platform.monitoring.peers),
        ],
        [if sends && p.replicas > 1 then 'disruption-budget.yaml']: kube.object('policy/v1', 'PodDisruptionBudget', sidekick, p.namespace, { spec: {
          maxUnavailable: 1,
          unhealthyPodEvictionPolicy: 'AlwaysAllow',
          selector: { matchLabels: sending },
        } }),
      },
      extras: {
        'monitor.yaml':
          platform.monitoring.monitor(name, p.namespace, { matchLabels: labels { type: 'falco-metrics' } }, [{ port: 'metrics' }])
          + (if sends then platform.monitoring.monitor(sidekick, p.namespace, { matchLabels: sending }, [{ port: 'http' }]) else [])
          + platform.monitoring.rules(name, p.namespace, alarms(p.namespace, sends)),
        'dashboard.yaml': platform.monitoring.dashboard(name, 'Falco', panels(sends)),
      },
      decisions: if sends then [] else [{
        what: 'what Falco finds stands in its log, and is no alarm for anybody',
        do: 'let capabilities.monitoring be kube-prometheus-stack, or name the URLs of your Alertmanagers in capabilities.monitoring.external.facts.alertmanagers',
      }],
      readme: { machines: 'Falco needs Linux 5.8 or later, built with BTF as that of every larger distribution is.' },
      waivers: waive(
        ['pods/run-as-non-root'],
        { kind: 'DaemonSet', namespace: p.namespace, name: name, container: name },
        'Only root may load programs into the kernel and read what all processes have open.'
      ) + waive(
        ['pods/dangerous-capabilities', 'pods/drop-all-capabilities'],
        { kind: 'DaemonSet', namespace: p.namespace, name: name, container: name },
        'These are the rights to load programs into the kernel and to read what processes are. With them it need not be privileged.'
      ) + waive(
        ['pods/apparmor'],
        { kind: 'DaemonSet', namespace: p.namespace, name: name, container: name },
        'The default of the runtime forbids to look into the processes of others, which is what it is for.'
      ) + waive(
        ['pods/host-path', 'pods/runtime-socket', 'pods/sensitive-host-path'],
        { kind: 'DaemonSet', namespace: p.namespace, name: name },
        'It asks the container engine whose a process is, and reads processes and users of the machine; it writes nothing there.'
      ) + (if !sends then [] else waive(
             ['secrets/plain-secret'],
             { kind: 'Secret', namespace: p.namespace, name: sidekick },
             'The chart keeps all settings in a Secret, and none of these is secret. Those that are belong into one of your own: falcosidekick.config.existingSecret.'
           )),
      provides:: { senders: if sends then [p.namespace] else [] },
    },
)
