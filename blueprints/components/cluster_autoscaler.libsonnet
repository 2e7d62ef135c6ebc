// cluster-autoscaler asks Cluster API for machines where pods find none, and gives back those that nobody needs.
//
// It scales the MachineDeployments that say how many there may be, by the annotations
// cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size and -max-size.
local component = import '../lib/component.libsonnet';
local derived = import '../lib/derived.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'cluster-autoscaler';

// The Secret with the kubeconfig of the management cluster, and where it is mounted.
local secret = 'management-kubeconfig';
local folder = '/etc/cluster-api';

// Where Cluster API describes the machines of this cluster: what the chart calls that, and what it takes.
local managements = {
  here: { mode: 'incluster-incluster', values: {} },
  kubeconfig: {
    mode: 'incluster-kubeconfig',
    values: {
      clusterAPICloudConfigPath: folder + '/kubeconfig',
      extraVolumeSecrets: { [secret]: { name: secret, mountPath: folder } },
    },
  },
};

local alarms = [{ name: name, rules: [
  measure.alarm(
    'ClusterNotScaled',
    'warning',
    '15m',
    'cluster_autoscaler_cluster_safe_to_autoscale == 0',
    'Too many machines are not ready: the cluster autoscaler neither adds nor takes any.'
  ),
  measure.alarm(
    'MachinesRefused',
    'warning',
    '0m',
    'sum by (reason) (increase(cluster_autoscaler_failed_scale_ups_total[1h])) > 0',
    'Pods wait for a machine that did not come: {{ $labels.reason }}.'
  ),
  measure.alarm(
    'PodsWaitForMachines',
    'warning',
    '30m',
    'sum(cluster_autoscaler_unschedulable_pods_count) > 0',
    '{{ $value }} pods have waited for a machine for half an hour: there may be no more of them.'
  ),
  measure.alarm('AutoscalerLost', 'warning', '15m', 'absent(cluster_autoscaler_nodes_count)', 'Nobody adds machines: the cluster autoscaler is lost, or not measured.'),
] }];

component(
  {
    name: name,
    purpose: 'asks Cluster API for machines where pods find none, and gives back those that nobody needs',
    capability: 'cluster-autoscaler',
    option: name,
    tried: { management: 'kubeconfig' },
    params: {
      management: 'where Cluster API describes the machines: `here`, in this cluster, or `kubeconfig`, in one of which there is a Secret',
      cluster: 'the name of the cluster, as Cluster API calls it',
      machines: 'the namespace of its MachineDeployments',
    },
  },
  {
    namespace: 'cluster-autoscaler',
    version: '9.59.0',
    replicas: tier(1, 1, 2),
    management: null,
    cluster: derived('the name of the cluster', function(p, platform) platform.cluster.name),
    machines: 'default',
  },
  function(p, platform)
    if p.management == null then {
      decisions: [{
        what: 'the cluster autoscaler scales nothing: nobody said where Cluster API describes the machines',
        do: 'set components.cluster-autoscaler.params.management to here or kubeconfig, or capabilities.cluster-autoscaler to none',
      }],
    } else
      local management =
        if std.objectHas(managements, p.management) then managements[p.management]
        else error 'components.cluster-autoscaler.params.management: ' + p.management + ': want one of ' + std.join(', ', std.objectFields(managements));
      local labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name };
      local asked = { httpGet: { path: '/health-check', port: 8085 } };
      {
        stage: why(stages.last, 'It may wait for a Secret that somebody makes, and nothing else should.'),
        extrasStage: stages.last,
        namespaces: { [p.namespace]: 'restricted' },
        registries: ['registry.k8s.io/autoscaling/'],
        images: ['registry.k8s.io/autoscaling/cluster-autoscaler'],
        charts: [{
          repo: 'https://kubernetes.github.io/autoscaler',
          name: name,
          version: p.version,
          values: {
            nameOverride: name,
            fullnameOverride: name,
            cloudProvider: 'clusterapi',
            clusterAPIMode: management.mode,
            autoDiscovery: { clusterName: p.cluster, namespace: p.machines },
            replicaCount: p.replicas,
            extraArgs: {
              v: 2,
              expander: why('least-waste', 'Of machines that fit it takes those of which least is left over.'),
              'balance-similar-node-groups': why(true, 'Equal groups in several places stay equal.'),
            },
            securityContext: kube.user(65532),
            containerSecurityContext: kube.confined { readOnlyRootFilesystem: true },
            resources: kube.resources('50m', '128Mi', '1Gi'),
            [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread(labels),
          } + management.values,
        }],
        patches: [{
          target: { kind: 'Deployment', name: name },
          patch: kube.object('apps/v1', 'Deployment', name, rest={ spec: { template: { spec: {
            automountServiceAccountToken: true,
            containers: [{ name: name, readinessProbe: asked, livenessProbe: { failureThreshold: 6 } }],
          } } } }),
        }],
        objects: {
          'network-policy.yaml': kube.reached(name, p.namespace, {}, platform.monitoring.peers),
        },
        extras: {
          'monitor.yaml':
            platform.monitoring.monitor(name, p.namespace, { matchLabels: labels }, [{ port: 'http' }])
            + platform.monitoring.rules(name, p.namespace, alarms),
        },
        secrets: if p.management == 'here' then [] else [
          { name: secret, namespace: p.namespace, keys: ['kubeconfig'], purpose: 'the cluster in which Cluster API describes the machines' },
        ],
      },
)
