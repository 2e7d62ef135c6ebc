// kube-vip gives Services of type LoadBalancer addresses, and announces these in the machines' own network or by BGP.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local loadBalancer = import '../lib/load_balancer.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'kube-vip', provider = 'kube-vip-cloud-provider';
local health = 10280;

component(
  {
    name: name,
    purpose: "gives Services addresses and announces these, with little more than the machines' own kernel",
    capability: 'load-balancer',
    option: 'kube-vip',
    params: {
      providerVersion: 'the version of the chart of what hands out addresses',
      replicas: 'pods of what hands out addresses: one works, a second waits for its turn',
      interface: 'the interface of the machines on which addresses are announced; by default that of the default route',
      authSecret: 'a Secret in its namespace with the key bgp_peers, `<address>:<asn>:<password>:false,…`, where routers ask for passwords',
    },
  },
  {
    namespace: 'kube-vip',
    version: '0.9.9',
    providerVersion: '0.2.10',
    replicas: tier(1, 1, 2),
    interface: null,
    authSecret: null,
  },
  function(p, platform)
    local networks = platform.cluster.networks;
    local addresses = loadBalancer.addresses(platform.cluster);
    local byBGP = std.objectHas(networks, 'bgp');
    local pods = { 'app.kubernetes.io/name': name };
    {
      stage: stages.addresses,
      extrasStage: stages.policy,
      namespaces: { [p.namespace]: 'privileged' },
      registries: ['ghcr.io/kube-vip/', 'docker.io/kubevip/'],
      images: ['docker.io/kubevip/kube-vip-cloud-provider', 'ghcr.io/kube-vip/kube-vip'],
      charts: [
        {
          repo: 'https://kube-vip.github.io/helm-charts',
          name: name,
          version: p.version,
          values: {
            namespaceOverride: p.namespace,
            env: {
              address: '',
              cp_enable: why('false', "The API server's own virtual IP has to be there before any pod is: what installs the cluster gives it."),
              svc_enable: 'true',
              vip_arp: std.toString(!byBGP),
              vip_interface: if p.interface == null then '' else p.interface,
              svc_election: why(std.toString(!byBGP), if byBGP then 'Every machine tells the routers of all addresses.' else 'Each address has a machine of its own that answers, and not one machine all of them.'),
              prometheus_server: ':2112',
              health_check_port: std.toString(health),
            } + if !byBGP then {} else {
              bgp_enable: 'true',
              bgp_as: std.toString(networks.bgp.localASN),
              [if p.authSecret == null then 'bgp_peers']: std.join(',', [peer.address + ':' + peer.asn + '::false' for peer in networks.bgp.peers]),
            },
            [if byBGP then 'envValueFrom']: { bgp_routerid: { fieldRef: { fieldPath: 'status.hostIP' } } },
            [if byBGP && p.authSecret != null then 'envFrom']: [{ secretRef: { name: p.authSecret } }],
            priorityClassName: kube.criticalEach,
            podSecurityContext: { seccompProfile: { type: 'RuntimeDefault' } },
            securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
            tolerations: [{ effect: 'NoSchedule', key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }],
            resources: kube.resources('20m', '64Mi', '256Mi'),
          },
        },
        {
          repo: 'https://kube-vip.github.io/helm-charts',
          name: provider,
          version: p.providerVersion,
          releaseName: provider,
          values: {
            namespaceOverride: p.namespace,
            replicasCount: p.replicas,
            image: { repository: why(platform.image('docker.io/kubevip/kube-vip-cloud-provider'), 'Written out, so that nobody guesses from where it comes.') },
            priorityClassName: why(kube.critical, kube.whyCritical),
            [if addresses != [] then 'cm']: { data: { 'cidr-global': std.join(',', addresses) } },
            resources: kube.resources('10m', '32Mi', '128Mi'),
          },
        },
      ],
      patches: [
        // The charts have no fields for probes.
        {
          target: { kind: 'DaemonSet', name: name },
          patch: { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: name }, spec: { template: { spec: { containers: [{
            name: name,
            livenessProbe: { httpGet: { path: '/healthz', port: health }, periodSeconds: 10, failureThreshold: 3 },
            readinessProbe: { httpGet: { path: '/healthz', port: health }, periodSeconds: 10, failureThreshold: 2 },
            ports: [{ name: 'health', containerPort: health }, { name: 'metrics', containerPort: 2112 }],
          }] } } } },
        },
        {
          target: { kind: 'Deployment', name: provider },
          patch: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: provider }, spec: { template: { spec: {
            [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread({ 'app.kubernetes.io/name': provider }),
            containers: [{
              name: provider,
              livenessProbe: { httpGet: { path: '/healthz', port: 'health', scheme: 'HTTPS' }, periodSeconds: 10, failureThreshold: 4 },
              readinessProbe: { httpGet: { path: '/healthz', port: 'health', scheme: 'HTTPS' }, periodSeconds: 10 },
              ports: [{ name: 'health', containerPort: 10258 }],
              securityContext: { readOnlyRootFilesystem: true },
            }],
          } } } },
        },
      ],
      objects: {
        'network-policy.yaml': kube.reached(provider, p.namespace, { matchLabels: { 'app.kubernetes.io/name': provider } }, []),
      },
      extras: {
        'monitor.yaml': platform.monitoring.podMonitor(name, p.namespace, { matchLabels: pods }, [{ port: 'metrics' }]),
      },
      decisions: loadBalancer.undecided(addresses),
      secrets: if !byBGP || p.authSecret == null then [] else [
        { name: p.authSecret, namespace: p.namespace, keys: ['bgp_peers'], purpose: 'the BGP sessions with the routers, and their passwords' },
      ],
      waivers: waive(
        ['pods/dangerous-capabilities', 'pods/drop-all-capabilities', 'pods/host-network', 'pods/run-as-non-root'],
        { kind: 'DaemonSet', namespace: p.namespace, name: name },
        "It gives the machine's own interfaces the addresses of Services, and answers for these in its network."
      ) + waive(
        ['rbac/secrets'],
        { kind: 'Role', namespace: p.namespace, name: name },
        'Its chart lets it read Secrets beside it, where keys for the addresses of others may stand.'
      ) + waive(
        ['rbac/delete-events', 'rbac/wildcard'],
        { kind: 'ClusterRole', name: provider },
        'Its chart lets it do everything with events, leases and what Services say of themselves.'
      ),
      provides:: {
        service: if addresses == [] then 'NodePort' else 'LoadBalancer',
        externalTrafficPolicy: 'Cluster',
      },
    },
)
