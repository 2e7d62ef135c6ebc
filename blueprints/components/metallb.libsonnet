// metallb gives Services of type LoadBalancer addresses, and announces these in the machines' own network or by BGP.
local component = import '../lib/component.libsonnet';
local derived = import '../lib/derived.libsonnet';
local kube = import '../lib/kube.libsonnet';
local loadBalancer = import '../lib/load_balancer.libsonnet';
local measure = import '../lib/measure.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'metallb', pool = 'platform';
local isIPv6(address) = std.member(address, ':');

local object(version, kind, of, namespace, spec) = kube.object('metallb.io/' + version, kind, of, namespace, { spec: spec });

local bgp(with, secret, namespace) = [
  object('v1beta2', 'BGPPeer', std.strReplace(peer.address, ':', '-'), namespace, {
    myASN: with.localASN,
    peerASN: peer.asn,
    peerAddress: peer.address,
    [if secret != null then 'passwordSecret']: { name: secret },
  })
  for peer in with.peers
] + [
  object('v1beta1', 'BGPAdvertisement', pool, namespace, { ipAddressPools: [pool] }),
];

// Its own metrics ask for a token, which Prometheus shows from its own file: only a Service's monitor can say so.
local measured = {
  controller: { of: name, port: 9120 },
  'frr-k8s': { of: 'frr-k8s', port: 9141 },
  speaker: { of: name, port: 9120 },
};
local metrics(role, namespace) = kube.object('v1', 'Service', name + '-' + role + '-metrics', namespace, {
  metadata+: { labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': role + '-metrics' } },
  spec: {
    clusterIP: 'None',
    selector: { 'app.kubernetes.io/name': measured[role].of, 'app.kubernetes.io/component': role },
    ports: [{ name: 'metrics', port: measured[role].port, targetPort: measured[role].port }],
  },
});

local alarms(frr) = [{ name: name, rules: [
  measure.alarm(
    'MetalLBAddressesShort',
    'warning',
    '15m',
    'metallb_allocator_addresses_in_use_total / on(pool) metallb_allocator_addresses_total > 0.9',
    'Of the addresses of the pool {{ $labels.pool }} {{ $value | humanizePercentage }} are in use: further Services get none soon.'
  ),
  measure.alarm(
    'MetalLBConfigRefused',
    'warning',
    '5m',
    'metallb_k8s_client_config_stale_bool == 1 or metallb_k8s_client_config_loaded_bool == 0',
    '{{ $labels.pod }} does not take its configuration: it goes on with an old one, or with none.'
  ),
  measure.alarm(
    'MetalLBSessionDown',
    'critical',
    '5m',
    (if frr then 'frrk8s' else 'metallb') + '_bgp_session_up == 0',
    'The BGP session of {{ $labels.instance }} with {{ $labels.peer }} is down: nobody sends to this machine.'
  ),
] }];

// What FRR's pods do to the machine.
local frrWaivers(namespace) = waive(
  ['pods/dangerous-capabilities', 'pods/drop-all-capabilities', 'pods/drop-net-raw', 'pods/host-network', 'pods/run-as-non-root'],
  { kind: 'DaemonSet', namespace: namespace, name: name + '-frr-k8s' },
  "It speaks BGP from the machine's own addresses: FRR starts as root, and keeps these rights alone."
) + waive(
  ['reliability/liveness-probe', 'reliability/readiness-probe'],
  { kind: 'DaemonSet', namespace: namespace, name: name + '-frr-k8s' },
  'The chart has no value for the probes of what stands beside FRR: it only hands on what FRR says, and FRR has some.'
) + waive(
  ['rbac/secrets'],
  { kind: 'Role', namespace: namespace, name: name + '-frr-k8s-controller' },
  'It reads the passwords of BGP sessions, which stand beside it.'
) + waive(
  ['network/open-policy'],
  { kind: 'NetworkPolicy', namespace: namespace, name: name + '-frr-k8s-statuscleaner' },
  'The API server asks it by its webhook, and no policy can say where that stands.'
);

component(
  {
    name: name,
    purpose: 'gives Services addresses and announces these, whatever the network is',
    capability: 'load-balancer',
    option: 'metallb',
    params: {
      authSecret: 'a Secret of type kubernetes.io/basic-auth in its namespace, with the key password, for BGP',
      frr: 'whether FRR speaks BGP, and not MetalLB itself',
    },
  },
  {
    namespace: 'metallb-system',
    version: '0.16.1',
    authSecret: null,
    frr: derived('where there is BGP', function(p, platform) std.objectHas(platform.cluster.networks, 'bgp')),
  },
  function(p, platform)
    local networks = platform.cluster.networks;
    local addresses = loadBalancer.addresses(platform.cluster);
    local byBGP = std.objectHas(networks, 'bgp');
    local root = "It answers for the Services' addresses in the machine's own network.";
    local roles = [role for role in std.objectFields(measured) if p.frr || role != 'frr-k8s'];
    local tools = kube.resources('10m', '32Mi', '128Mi');
    local init(container) = { name: container, resources: tools, securityContext: kube.confined { readOnlyRootFilesystem: true } };
    {
      stage: stages.addresses,
      crds: true,
      namespaces: { [p.namespace]: 'privileged' },
      registries: ['quay.io/metallb/'] + if p.frr then ['quay.io/frrouting/'] else [],
      images: ['quay.io/metallb/controller', 'quay.io/metallb/speaker'] + if p.frr then ['quay.io/frrouting/frr', 'quay.io/metallb/frr-k8s'] else [],
      charts: [{
        repo: 'https://metallb.github.io/metallb',
        name: name,
        version: p.version,
        values: {
          controller: {
            priorityClassName: why(kube.critical, kube.whyCritical),
            resources: kube.resources('20m', '64Mi', '256Mi'),
            securityContext: kube.user(65534),
          },
          speaker: {
            priorityClassName: kube.criticalEach,
            resources: kube.resources('20m', '64Mi', '256Mi'),
            securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
          },
          frrk8s: why(
            { enabled: p.frr },
            if p.frr then 'FRR speaks BGP: with several routers and IPv6, and what else uses FRR on the machines adds to the same sessions.'
            else "Nobody speaks BGP here, or MetalLB does it itself: FRR's pods would have nothing to do."
          ),
          [if p.frr then 'frr-k8s']: { frrk8s: {
            priorityClassName: kube.criticalEach,
            resources: kube.resources('20m', '64Mi', '256Mi'),
            frr: { resources: kube.resources('20m', '64Mi', '256Mi') },
            reloader: { resources: tools },
            frrMetrics: { resources: tools },
            frrStatus: { resources: tools },
          } },
        },
      }],
      patches: [
        // The chart does not declare the port of its probes.
        {
          target: { kind: workload.kind, name: name + '-' + workload.role },
          patch: [{ op: 'add', path: '/spec/template/spec/containers/0/ports/-', value: { name: 'health', containerPort: 17472 } }],
        }
        for workload in [{ kind: 'DaemonSet', role: 'speaker' }, { kind: 'Deployment', role: 'controller' }]
      ] + if !p.frr then [] else [
        // The chart has no fields for what these may take and do, nor for who cleans up.
        {
          target: { kind: 'DaemonSet', name: name + '-frr-k8s' },
          patch: { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: name + '-frr-k8s' }, spec: { template: { spec: {
            securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
            initContainers: [init(container) for container in ['cp-frr-files', 'cp-frr-status', 'cp-metrics', 'cp-reloader']],
            containers: [{ name: 'controller', ports: [{ name: 'health', containerPort: 7572 }] }] + [
              { name: container, securityContext: { allowPrivilegeEscalation: false } }  // root, for what FRR's own user keeps to itself
              for container in ['frr-metrics', 'frr-status', 'reloader']
            ],
          } } } },
        },
        {
          target: { kind: 'Deployment', name: name + '-frr-k8s-statuscleaner' },
          patch: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: name + '-frr-k8s-statuscleaner' }, spec: { template: { spec: {
            hostNetwork: false,
            securityContext: kube.user(65534),
            containers: [{ name: 'frr-k8s-statuscleaner', livenessProbe: { failureThreshold: 6 } }],
          } } } },
        },
      ],
      objects: {
        'network-policy.yaml': [
          kube.asked(
            name + '-controller', p.namespace, { matchLabels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': 'controller' } }, 'webhook-server', platform.monitoring.peers
          ),
        ] + if !p.frr then [] else [
          kube.asked(name + '-frr-k8s-statuscleaner', p.namespace, { matchLabels: { 'app.kubernetes.io/component': 'statuscleaner' } }, 'webhook', []),
        ],
        'metrics.yaml': if !platform.monitoring.measures then [] else [metrics(role, p.namespace) for role in roles],
      },
      extras: {
        'pool.yaml': if addresses == [] then [] else [object('v1beta1', 'IPAddressPool', pool, p.namespace, {
          addresses: addresses,
          avoidBuggyIPs: why(true, 'Old devices take addresses that end with .0 or .255 for those of a network.'),
        })],
        'announcement.yaml':
          if addresses == [] then []
          else if byBGP then bgp(networks.bgp, p.authSecret, p.namespace)
          else [object('v1beta1', 'L2Advertisement', pool, p.namespace, { ipAddressPools: [pool] })],
        local monitor(role) = platform.monitoring.monitor(
          name + '-' + role,
          p.namespace,
          { matchLabels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': role + '-metrics' } },
          [{
            port: 'metrics',
            scheme: 'https',
            bearerTokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token',
            tlsConfig: why({ insecureSkipVerify: true }, 'It signs its certificate itself, at every start.'),
          }]
        ),
        'monitor.yaml': std.flatMap(monitor, roles) + platform.monitoring.rules(name, p.namespace, alarms(p.frr)),
      },
      // Its webhooks judge these, so it has to be there; what is measured has kinds by then.
      extrasStage: stages.policy,
      decisions: loadBalancer.undecided(addresses),
      secrets: if !byBGP || p.authSecret == null then [] else [
        { name: p.authSecret, namespace: p.namespace, keys: ['password'], purpose: 'the BGP sessions with the routers' },
      ],
      waivers: waive(
        ['pods/drop-all-capabilities', 'pods/host-network', 'pods/run-as-non-root'],
        { kind: 'DaemonSet', namespace: p.namespace, name: name + '-speaker' },
        root
      ) + waive(
        ['rbac/wildcard'],
        { kind: 'ClusterRole', name: name + ':speaker' },
        'Its chart lets it do everything with what it says of itself, objects of its own kinds.'
      ) + waive(
        ['rbac/secrets', 'rbac/wildcard'],
        { kind: 'Role', namespace: p.namespace, name: name + '-pod-lister' },
        'Its chart lets it read the passwords of BGP sessions, which stand beside it, and do everything with what it says of itself.'
      ) + waive(
        ['rbac/secrets'],
        { kind: 'Role', namespace: p.namespace, name: name + '-controller' },
        'It makes the key by which the speakers know each other, and the certificate of its webhook, all beside it.'
      ) + waive(
        ['network/open-policy'],
        { kind: 'NetworkPolicy', namespace: p.namespace, name: name + '-controller' },
        'The API server asks it by its webhook, and no policy can say where that stands.'
      ) + (if !p.frr then [] else frrWaivers(p.namespace)),
      provides:: {
        // A router sends to the machines that have a proxy. In one network any machine may answer.
        service: if addresses == [] then 'NodePort' else 'LoadBalancer',
        externalTrafficPolicy: if byBGP then 'Local' else 'Cluster',
      },
    },
)
