// istio gives the pods of teams and workloads identities, and encrypts what they say to each other, without proxies beside them.
//
// It is ambient mode: istio-cni leads the connections of a pod to the ztunnel of its machine. Who wants to judge requests, and not
// connections alone, sets up a waypoint, a Gateway of the class istio-waypoint, where the kinds of the Gateway API are there.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'istio';
local istiod = { matchLabels: { istio: 'pilot' } };
local images = 'registry.istio.io/release';

// The label of what is in the mesh, and where ztunnel asks on behalf of the kubelet, in the network of the pod.
local joined = { 'istio.io/dataplane-mode': 'ambient' };
local probes = ['169.254.7.127/32', 'fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128'];

local alarms = [{ name: name, rules: [
  measure.alarm('IstioLost', 'critical', '15m', 'absent(pilot_info)', 'Nothing tells the mesh of new pods, nor gives them identities: istiod is lost, or not measured.'),
  measure.alarm(
    'IstioRootExpires',
    'critical',
    '1h',
    'citadel_server_root_cert_expiry_seconds < 30 * 86400',
    'The authority of the mesh has less than a month left: then nothing in it reaches anything.'
  ),
  measure.alarm(
    'IstioConfigurationRefused',
    'warning',
    '15m',
    'sum by (type) (increase(pilot_total_xds_rejects[15m])) > 0',
    'Proxies refuse what istiod tells them: {{ $labels.type }}.'
  ),
  measure.alarm(
    'IstioNodeNotReady',
    'critical',
    '15m',
    'istio_cni_install_ready == 0',
    'On the machine of {{ $labels.pod }} no pod of the mesh comes up.'
  ),
] }];

local panels = [
  measure.line('Connections opened a second', 'none', { '{{destination_workload_namespace}}': 'sum by (destination_workload_namespace) (rate(istio_tcp_connections_opened_total[5m]))' }),
  measure.line('Of these encrypted', 'percentunit', {
    encrypted: 'sum(rate(istio_tcp_connections_opened_total{connection_security_policy="mutual_tls"}[5m])) / sum(rate(istio_tcp_connections_opened_total[5m]))',
  }),
  measure.now('Told by istiod', 'none', { '{{pod}}': 'sum by (pod) (pilot_xds)' }),
  measure.now('The authority is good for', 's', { '{{pod}}': 'citadel_server_root_cert_expiry_seconds' }),
];

local manual = |||
  ## The service mesh

  JOINSWhat one pod says to another is then encrypted, from machine to machine, and each knows
  who the other is. A pod stays out by the label `istio.io/dataplane-mode: none`.

  Pods of the mesh reach each other on port 15008 alone: who lets those of other namespaces in, or has their own go there, names that port in the NetworkPolicy,
  and says by an AuthorizationPolicy of Istio who may ask which port behind it.
|||;

component(
  {
    name: name,
    purpose: 'gives pods of teams and workloads identities, and encrypts what they say to each other, without proxies beside them',
    capability: 'service-mesh',
    option: name,
    with: ['istio-base', 'istio-cni', 'istio-ztunnel'],
    params: {
      joins: 'whether the namespaces of teams and workloads are in the mesh; else pods by the label `istio.io/dataplane-mode: ambient`',
      ztunnel: 'the namespace of istio-ztunnel, which may have identities of all pods',
    },
  },
  {
    namespace: 'istio-system',
    version: '1.30.3',
    replicas: tier(1, 2, 3),
    joins: true,
    ztunnel: 'istio-ztunnel',
    resources:: tier(kube.resources('50m', '128Mi', '1Gi'), kube.resources('100m', '256Mi', '2Gi'), kube.resources('250m', '512Mi', '4Gi')),
  },
  function(p, platform)
    {
      namespaces: { [p.namespace]: 'restricted' },
      data: [data.of({
        what: 'the authority of the mesh',
        where: 'Secret ' + p.namespace + '/istio-ca-secret',
        dispensable: 'istiod makes another, and all pods of a new cluster get identities of it',
      })],
      registries: [images + '/'],
      images: [images + '/pilot'],
      charts: [{
        repo: 'https://istio-release.storage.googleapis.com/charts',
        name: 'istiod',
        version: p.version,
        values: {
          profile: 'ambient',
          autoscaleEnabled: false,
          replicaCount: p.replicas,
          [if p.replicas > 1 then 'pdb']: { unhealthyPodEvictionPolicy: 'AlwaysAllow' },
          [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread(istiod.matchLabels),
          resources: p.resources,
          seccompProfile: { type: 'RuntimeDefault' },
          trustedZtunnelNamespace: why(p.ztunnel, 'It stands apart, as no namespace but a privileged one lets it in.'),
          global: {
            hub: std.rstripChars(platform.image(images + '/'), '/'),
            tag: p.version,
            [if p.replicas == 1 then 'defaultPodDisruptionBudget']: { enabled: false },
            priorityClassName: why(kube.critical, kube.whyCritical),
            operatorManageWebhooks: why(true, 'There are no webhooks: no proxies are put into pods.'),
            configValidation: why(false, 'istiod would change its webhook behind the back of Git.'),
            logAsJson: true,
            enableReaderRBAC: why(false, 'Other clusters read this one by that, and there is no mesh of several.'),
          },
        },
      }],
      patches: [{
        target: { kind: 'Deployment', name: 'istiod' },
        patch: kube.object('apps/v1', 'Deployment', 'istiod', rest={ spec: { template: { spec: { automountServiceAccountToken: true } } } }),
      }],
      objects: {
        'network-policy.yaml': kube.reached(name, p.namespace, istiod, platform.monitoring.peers) {
          // ztunnel and waypoints ask it who is there, and for their identities.
          spec+: { ingress+: [{
            from: kube.from([p.ztunnel]) + [{ namespaceSelector: { matchLabels: joined } }],
            ports: [{ port: 'tls-xds', protocol: 'TCP' }],
          }] },
        },
      },
      extras: {
        'monitor.yaml':
          platform.monitoring.podMonitor('istiod', p.namespace, istiod, [{ port: 'http-monitoring' }])
          + platform.monitoring.rules(name, p.namespace, alarms)
          + platform.monitoring.dashboard(name, 'Istio', panels),
      },
      readme: { section: std.strReplace(
        manual,
        'JOINS',
        if p.joins then 'The pods of teams and workloads are in the mesh, Istio in ambient mode. '
        else 'A pod of a team or a workload with the label `istio.io/dataplane-mode: ambient` is in the mesh, Istio in ambient mode. '
      ) },
      waivers: waive(
        ['reliability/liveness-probe'],
        { kind: 'Deployment', namespace: p.namespace, name: 'istiod' },
        'The chart has no value for one: it ends where it cannot go on.'
      ) + waive(
        ['rbac/admission-webhooks', 'rbac/secrets', 'rbac/wildcard'],
        { kind: 'ClusterRole', name: 'istiod-clusterrole-' + p.namespace },
        'Its chart lets istiod read certificates of gateways in any namespace, and its own kinds; of webhooks there is none that it could change.'
      ) + waive(
        ['rbac/secrets'],
        { kind: 'Role', namespace: p.namespace, name: 'istiod' },
        'The key of its authority stands in a Secret beside it, which it makes.'
      ),
      provides:: {
        namespace: p.namespace,
        chained: true,
        labels: if p.joins then joined else {},
        // The kubelet's probes come to a pod of the mesh from an address of the pod's own machine that is no machine's.
        policies(namespace):: [kube.object('networking.k8s.io/v1', 'NetworkPolicy', 'allow-mesh', namespace, { spec: {
          podSelector: {},
          policyTypes: ['Ingress'],
          ingress: [{ from: [{ ipBlock: { cidr: cidr } } for cidr in probes] }],
        } })],
      },
    },
)
