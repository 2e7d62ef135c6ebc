// alloy sends the logs of all pods to where they are kept.
//
// A pod on every machine reads those of its machine. By the API it needs no rights on the machine, but all logs go
// through the API servers; from the files it reads as root, and nothing is between. So many machines read files.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'alloy';
local storage = '/tmp/alloy';

// What is told of each line: the fewer values a label has, the fewer streams there are.
local labels = {
  namespace: '__meta_kubernetes_namespace',
  pod: '__meta_kubernetes_pod_name',
  container: '__meta_kubernetes_pod_container_name',
  node: '__meta_kubernetes_pod_node_name',
  app: '__meta_kubernetes_pod_label_app_kubernetes_io_name',
};

local rule(label) =
  '  rule {\n'
  + '    source_labels = ["' + labels[label] + '"]\n'
  + '    target_label  = "' + label + '"\n'
  + '  }\n';

local discovery(path) = |||
  discovery.kubernetes "pods" {
    role = "pod"
    selectors {
      role  = "pod"
      field = "spec.nodeName=" + sys.env("HOSTNAME")
    }
  }

  discovery.relabel "pods" {
    targets = discovery.kubernetes.pods.targets
||| + std.join('', [rule(label) for label in std.objectFields(labels)]) + path + '}\n';

// The files of a container, as every kubelet lays them out.
local path =
  '  rule {\n'
  + '    source_labels = ["__meta_kubernetes_pod_uid", "__meta_kubernetes_pod_container_name"]\n'
  + '    separator     = "/"\n'
  + '    target_label  = "__path__"\n'
  + '    replacement   = "/var/log/pods/*$1/*.log"\n'
  + '  }\n';

local byAPI = |||
  loki.source.kubernetes "pods" {
    targets    = discovery.relabel.pods.output
    forward_to = [loki.write.platform.receiver]
  }
|||;

local byFiles = |||
  local.file_match "pods" {
    path_targets = discovery.relabel.pods.output
  }

  loki.source.file "pods" {
    targets    = local.file_match.pods.targets
    forward_to = [loki.process.pods.receiver]
  }

  loki.process "pods" {
    stage.cri { }
    forward_to = [loki.write.platform.receiver]
  }
|||;

local write(push, cluster) =
  'loki.write "platform" {\n'
  + '  endpoint {\n'
  + '    url = "' + push + '"\n'
  + '  }\n'
  + '  external_labels = {\n'
  + '    cluster = "' + cluster + '",\n'
  + '  }\n'
  + '}\n';

component(
  {
    name: name,
    purpose: 'sends the logs of all pods to where they are kept',
    params: {
      files: 'whether it reads the files of the machines, or asks the API server for logs',
    },
  },
  {
    namespace: 'alloy',
    version: '1.11.1',
    files: tier(false, false, true),
  },
  function(p, platform)
    local push =
      if platform.logging.push != null then platform.logging.push
      else error 'alloy: nothing of capabilities.logging says where logs are sent to; choose the option loki, or switch alloy off';
    local may(resource, verbs) = { apiGroups: [''], resources: [resource], verbs: verbs };
    local rbac(kind, rest) = kube.object('rbac.authorization.k8s.io/v1', kind, name, rest=rest);
    {
      stage: stages.agents,
      namespaces: { [p.namespace]: if p.files then 'privileged' else 'restricted' },
      registries: ['docker.io/grafana/'],
      images: ['docker.io/grafana/alloy'],
      charts: [{
        repo: 'https://grafana.github.io/helm-charts',
        name: name,
        version: p.version,
        values: {
          crds: { create: false },
          rbac: { create: false },
          alloy: {
            configMap: why(
              { content: std.join('\n', [
                discovery(if p.files then path else ''),
                if p.files then byFiles else byAPI,
                write(push, platform.cluster.name),
              ]) },
              if p.files then 'From the files of the machine: through the API all logs would burden the API servers.'
              else 'By the API, so it needs no rights on the machine. The parameter files is for clusters whose API servers feel it.'
            ),
            enableReporting: false,
            storagePath: storage,
            mounts: {
              [if p.files then 'varlog']: true,
              extra: why(
                [{ name: 'storage', mountPath: storage }],
                'It notes there how far it has read. A new pod reads again what is still there; Loki keeps no line twice.'
              ),
            },
            resources: kube.resources('50m', '128Mi', '512Mi'),
            livenessProbe: { httpGet: { path: '/-/healthy', port: 'http-metrics' } },
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'] },
              readOnlyRootFilesystem: true,
              seccompProfile: { type: 'RuntimeDefault' },
            } + if p.files then { runAsUser: 0, runAsGroup: 0 } else { runAsNonRoot: true, runAsUser: 473, runAsGroup: 473 },
          },
          [if !p.files then 'global']: { podSecurityContext: { fsGroup: 473 } },
          configReloader: why({ enabled: false }, 'A new configuration makes new pods.'),
          controller: {
            tolerations: why([{ effect: 'NoSchedule', operator: 'Exists' }], 'Also the logs of the machines that run the control plane.'),
            volumes: { extra: [{ name: 'storage', emptyDir: {} }] },
          },
        },
      }],
      objects: {
        // The chart would have it read Secrets too.
        'rbac.yaml': [
          rbac('ClusterRole', { rules: [may('pods', ['get', 'list', 'watch'])] + if p.files then [] else [may('pods/log', ['get'])] }),
          rbac('ClusterRoleBinding', {
            roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: name },
            subjects: [{ kind: 'ServiceAccount', name: name, namespace: p.namespace }],
          }),
        ],
        // Its page tells whoever asks what it reads, and where it sends that.
        'network-policy.yaml': kube.reached(name, p.namespace, { matchLabels: { 'app.kubernetes.io/name': name } }, platform.monitoring.peers),
      },
      extras: {
        'monitor.yaml': platform.monitoring.podMonitor(
          name, p.namespace, { matchLabels: { 'app.kubernetes.io/name': name } }, [{ port: 'http-metrics' }]
        ),
      },
      waivers: if !p.files then [] else [{
        rule: 'pods/run-as-non-root',
        match: { kind: 'DaemonSet', namespace: p.namespace, name: name, container: name },
        reason: 'The files of the logs belong to root, and nobody else may read them.',
      }] + waive(
        ['pods/host-path', 'pods/sensitive-host-path'],
        { kind: 'DaemonSet', namespace: p.namespace, name: name },
        'The logs of all pods stand below /var/log of the machine, which it only reads.'
      ),
    },
)
