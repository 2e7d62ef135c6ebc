// calico connects pods, enforces network policies and encrypts what goes between pods on different machines.
//
// An operator makes all of it from one object, Installation. kube-proxy stays: Calico can stand in for it, but the operator has to be
// told where the API server is before that goes.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'calico', operator = 'tigera-operator', system = 'calico-system', metrics = 9091;

// containers are what the operator makes, with what they may take.
local taking(container, resources) = { spec: { template: { spec: { containers: [{ name: container, resources: resources }] } } } };

local alarms = [{ name: name, rules: [
  measure.alarm(
    'CalicoFailing',
    'critical',
    '10m',
    'increase(felix_int_dataplane_failures[10m]) > 3',
    'Calico on {{ $labels.instance }} cannot write to the kernel: pods there do not get what policies and routes say.'
  ),
  measure.alarm(
    'CalicoUnknown',
    'critical',
    '15m',
    'absent(felix_active_local_endpoints)',
    'Nobody knows how the network is: Calico is not measured.'
  ),
] }];

component(
  {
    name: name,
    purpose: 'connects pods, enforces network policies and encrypts what pods send each other',
    capability: 'network',
    option: name,
    params: {
      replicas: 'pods of what answers for all machines',
      flows: 'whether flows of all machines can be seen in one place',
    },
  },
  {
    namespace: operator,
    version: 'v3.32.1',
    replicas: tier(1, 2, 2),
    flows: tier(false, true, true),
    agent:: tier(kube.resources('100m', '192Mi', '1Gi'), kube.resources('200m', '256Mi', '2Gi'), kube.resources('250m', '384Mi', '2Gi')),
  },
  function(p, platform)
    local pods = std.get(platform.cluster.networks, 'pod');
    local images = platform.imageParts('quay.io/calico');
    {
      stage: stages.network,
      extrasStage: stages.policy,
      protect: true,
      crds: true,
      syncOptions: ['SkipDryRunOnMissingResource=true'],
      namespaces: { [p.namespace]: 'privileged', [system]: 'privileged' },
      registries: ['quay.io/calico/', 'quay.io/tigera/'],
      images: ['quay.io/tigera/operator'],
      charts: [
        {
          repo: 'https://docs.tigera.io/calico/charts',
          name: operator,
          version: p.version,
          releaseName: name,
          values: {
            installation: {
              [if images.registry != 'quay.io' then 'registry']: images.registry + '/',
              [if images.repository != 'calico' then 'imagePath']: images.repository,
              calicoNetwork: {
                bgp: why('Disabled', 'Pods reach each other through VXLAN, whatever lies between the machines: no router has to know of them.'),
                [if pods != null then 'ipPools']: [{
                  name: 'pods',
                  cidr: why(pods, 'The range that the cluster was installed with.'),
                  encapsulation: 'VXLAN',
                  natOutgoing: 'Enabled',
                  nodeSelector: 'all()',
                }],
              },
              controlPlaneReplicas: p.replicas,
              [if platform.installation.sealed then 'flexVolumePath']: why('None', "The machines' system lets nobody put programs there."),
              [if platform.monitoring.measures then 'nodeMetricsPort']: metrics,
              calicoNodeDaemonSet: taking('calico-node', p.agent),
              typhaDeployment: taking('calico-typha', kube.resources('50m', '128Mi', '512Mi')),
              calicoKubeControllersDeployment: taking('calico-kube-controllers', kube.resources('20m', '64Mi', '512Mi')),
            },
            defaultFelixConfiguration: why(
              { enabled: true, wireguardEnabled: true } + if pods != null && std.member(pods, ':') then { wireguardEnabledV6: true } else {},
              'What pods on different machines send each other is encrypted.'
            ),
            apiServer: { apiServerDeployment: taking('calico-apiserver', kube.resources('20m', '64Mi', '512Mi')) },
            goldmane: { enabled: p.flows },
            whisker: why(
              { enabled: p.flows } + if p.flows then { notifications: 'Disabled' } else {},
              'It asks nobody who they are, so it is not exposed: kubectl -n ' + system + ' port-forward service/whisker 8081 leads there.'
            ),
            manageCRDs: why(false, 'Its kinds come from here, with the second chart.'),
            priorityClassName: why(kube.critical, 'Without it no pod gets a network.'),
            resources: kube.resources('50m', '128Mi', '512Mi'),
          },
        },
        {
          repo: 'https://docs.tigera.io/calico/charts',
          name: 'crd.projectcalico.org.v1',
          version: p.version,
          releaseName: name + '-crds',
          values: {},
        },
      ],
      patches: [
        kube.without('apiextensions.k8s.io/v1', 'CustomResourceDefinition', { spec: { preserveUnknownFields: null }, status: null }),
        // The chart has no fields for what the operator may do.
        {
          target: { kind: 'Deployment', name: operator },
          patch: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: operator }, spec: { template: { spec: {
            securityContext: kube.user(10001),
            containers: [{ name: operator, securityContext: kube.confined { readOnlyRootFilesystem: true } }],
          } } } },
        },
        // Argo CD would make the Job that uninstalls part of every deletion of the Application: deleting is never an accident.
        {
          target: { kind: 'Job', annotationSelector: 'helm.sh/hook' },
          patch: { '$patch': 'delete', apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'any' } },
        },
      ],
      extras: {
        'monitor.yaml': platform.monitoring.podMonitor('calico-node', system, { matchLabels: { 'k8s-app': 'calico-node' } }, [{ portNumber: metrics }])
                        + platform.monitoring.rules(name, system, alarms),
      },
      decisions: if pods != null then [] else [{
        what: 'Calico does not know which addresses pods have',
        do: 'set networks.pod of the cluster to the range that it was installed with, such as 10.244.0.0/16',
      }],
      readme: {
        machines: 'Each machine needs WireGuard (`modprobe wireguard`), and UDP between the machines at the ports 4789 and 51820. At its first run the command below that installs the network says\nthat it knows no kind `Installation`: run it again, for now it does.',
      },
      waivers: waive(
        ['pods/host-network', 'pods/host-path'],
        { kind: 'Deployment', namespace: p.namespace, name: operator },
        'It makes the network, so it has to run before there is any; of the machine it reads what an earlier one left.'
      ) + waive(
        ['reliability/liveness-probe', 'reliability/min-replicas'],
        { kind: 'Deployment', namespace: p.namespace, name: operator },
        'The chart has no value for it: one of it makes what is to be there, and what is there needs none.'
      ) + waive(
        ['rbac/admission-webhooks', 'rbac/create-pods', 'rbac/delete-events', 'rbac/escalate', 'rbac/secrets'],
        { kind: 'ClusterRole', name: operator },
        'The chart has no value for its rights: it makes pods, roles, certificates and webhooks of all parts of the network.'
      ) + (if !platform.monitoring.measures then [] else waive(
             ['references/monitor-selector'],
             { kind: 'PodMonitor', namespace: system, name: 'calico-node' },
             'The operator makes these pods: they stand in no file.'
           )),
      provides:: { namespace: system, policy: 'projectcalico.org/v3' },
    },
)
