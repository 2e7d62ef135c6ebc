// cilium connects pods, stands in for kube-proxy, enforces network policies and encrypts what goes between machines.
local component = import '../lib/component.libsonnet';
local derived = import '../lib/derived.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local tools = kube.resources('10m', '32Mi', '256Mi');

// What runs as root on every machine, and why. Nothing else of it does.
local rooted = {
  cilium: {
    config: 'It writes the configuration where the agent reads it, on the machine.',
    'mount-cgroup': "It mounts the machine's own cgroups.",
    'apply-sysctl-overwrites': "It sets the machine's own kernel parameters.",
    'mount-bpf-fs': 'It mounts the file system that keeps programs and connections in the kernel while the agent restarts.',
    'clean-cilium-state': 'It clears what an earlier agent left in the kernel.',
    'install-cni-binaries': 'It puts the program that connects pods on the machine.',
    'cilium-agent': 'It loads programs into the kernel and sets up the interfaces of all pods.',
  },
  'cilium-envoy': {
    'cilium-envoy': "It sees the pods' connections in the kernel, for policies on HTTP and DNS.",
  },
};

// What the two do to the machine as a whole, and the rules against it.
local nodes = {
  cilium: "It makes the machine's network: its programs run in the kernel, its sockets and maps stand in the machine's own folders.",
  'cilium-envoy': "It takes the pods' connections over in the kernel, and speaks with the agent through the machine's own folders.",
};
local ofTheNode = [
  'pods/apparmor',
  'pods/dangerous-capabilities',
  'pods/drop-all-capabilities',
  'pods/host-network',
  'pods/host-path',
  'pods/privilege-escalation',
  'pods/seccomp',
  'pods/selinux',
  'pods/sensitive-host-path',
  'pods/writable-host-path',
];

// What the agent may do where the machines' system is sealed: nothing there may be loaded into the kernel, or read out of it.
local sealedCapabilities = {
  ciliumAgent: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'IPC_LOCK', 'KILL', 'NET_ADMIN', 'NET_RAW', 'SETGID', 'SETUID', 'SYS_ADMIN', 'SYS_RESOURCE'],
  cleanCiliumState: ['NET_ADMIN', 'SYS_ADMIN', 'SYS_RESOURCE'],
};

// endpoint is where the API server answers without kube-proxy: as told, else where the installer has it answer on every machine,
// else at the virtual IP, else where the spec says that others reach the cluster. Null where nobody said.
local endpoint(told, platform) =
  local cluster = platform.cluster, nearby = platform.installation.api;
  local url =
    if told != null then told
    else if nearby != null then 'https://' + nearby.host + ':' + nearby.port
    else if std.get(cluster.networks, 'virtualIP', '') != '' then
      'https://' + (if std.member(cluster.networks.virtualIP, ':') then '[' + cluster.networks.virtualIP + ']' else cluster.networks.virtualIP) + ':6443'
    else cluster.server;
  local authority = std.split(std.strReplace(url, 'https://', ''), '/')[0];
  local colons = std.findSubstr(':', authority);
  local last = if colons == [] then -1 else colons[std.length(colons) - 1];
  local hasPort = last >= 0 && !std.endsWith(authority, ']');
  if url == 'https://kubernetes.default.svc' then null
  else {
    k8sServiceHost: std.stripChars(if hasPort then std.substr(authority, 0, last) else authority, '[]'),
    k8sServicePort: if hasPort then std.substr(authority, last + 1, std.length(authority)) else '443',
  };

component(
  {
    name: 'cilium',
    purpose: 'connects pods, stands in for kube-proxy, enforces network policies and encrypts',
    capability: 'network',
    option: 'cilium',
    params: {
      apiServer: '`https://host:port`, where every machine reaches the API server without kube-proxy',
      replicas: 'pods of the operator',
      hubble: 'whether flows of all machines can be seen in one place',
    },
    spare: { 'hubble-relay': 'collects what Hubble sees', 'hubble-ui': 'shows it' },
  },
  {
    namespace: 'kube-system',
    version: '1.20.0',
    apiServer: null,
    replicas: derived('1 or 2 by tier, or as many as there are machines', function(p, platform)
      local machines = std.length(platform.cluster.nodes);
      if machines > 0 then std.min(p.operators, machines) else p.operators),
    operators:: tier(1, 2, 2),
    hubble: tier(false, true, true),
    agent:: tier(kube.resources('100m', '256Mi', '1Gi'), kube.resources('200m', '384Mi', '2Gi'), kube.resources('250m', '512Mi', '4Gi')),
  },
  function(p, platform)
    local api = endpoint(p.apiServer, platform);
    local sealed = platform.installation.sealed;
    local pods = { CronJob: '/spec/jobTemplate/spec/template/spec', Job: '/spec/template/spec' };
    local nonRoot = { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532 };
    {
      stage: stages.network,
      protect: true,
      namespaces: {
        'cilium-secrets': 'restricted',
        [if p.namespace != 'kube-system' then p.namespace]: 'privileged',
      },
      registries: ['quay.io/cilium/'],
      images: [
        'quay.io/cilium/' + part
        for part in ['certgen', 'cilium', 'cilium-envoy', 'hubble-relay', 'hubble-ui', 'hubble-ui-backend', 'operator-generic']
      ],
      charts: [{
        repo: 'https://helm.cilium.io',
        name: 'cilium',
        version: p.version,
        values: {
          kubeProxyReplacement: why(
            true,
            if api != null then 'Install the cluster without kube-proxy. The API server is asked at k8sServiceHost.'
            else 'Keep kube-proxy until every machine can reach the API server without it: nobody said where. Set virtualIP or server\nof the cluster, or the parameter apiServer, before the first pod runs; then the cluster can do without kube-proxy.'
          ),
          [if api != null then 'k8sServiceHost']: api.k8sServiceHost,
          [if api != null then 'k8sServicePort']: api.k8sServicePort,
          ipam: {
            mode: why('kubernetes', "Pods get addresses out of the range that the cluster was installed with. The chart's own would be 10.0.0.0/8."),
          },
          encryption: {
            enabled: true,
            type: 'wireguard',
            nodeEncryption: why(true, 'Also what machines send each other, and not only pods; but not from and to machines of the control plane, where a machine\ncould lock itself out. The API server, etcd and the kubelets have TLS of their own: what else listens there needs it too.'),
          },
          [if platform['service-mesh'].chained then 'cni']: { exclusive: why(false, "The program of the service mesh stands behind Cilium's own.") },
          [if platform['service-mesh'].chained then 'socketLB']: {
            hostNamespaceOnly: why(true, 'Within pods the proxies choose whom a Service leads to: they would see addresses of pods alone.'),
          },
          commonLabels: kube.platforms,
          [if platform.monitoring.measures then 'prometheus']: { enabled: true },
          resources: p.agent,
          initResources: kube.resources('100m', '64Mi', '256Mi'),
          cgroup:
            if sealed then { autoMount: why({ enabled: false }, "The machines' system has them mounted, and lets nobody mount others."), hostRoot: '/sys/fs/cgroup' }
            else { autoMount: { resources: tools } },
          [if sealed then 'securityContext']: { capabilities: why(sealedCapabilities, "All that the chart has but SYS_MODULE and SYSLOG: the machines' system lets no pod load modules.") },
          envoy: { resources: kube.resources('50m', '128Mi', '512Mi') },
          operator: {
            replicas: why(p.replicas, 'Two never stand on one machine. A second would wait there for ever, and all later sync waves for it.'),
            [if p.replicas > 1 then 'podDisruptionBudget']: kube.disruptionBudget,
            resources: kube.resources('50m', '128Mi', '512Mi'),
            securityContext: why(nonRoot, 'The image names no user and would run as root.'),
          },
          tls: { secretsNamespace: why({ create: false }, 'The namespace cilium-secrets comes with all others, before this chart.') },
          hubble: {
            tls: { auto: { method: why('cronJob', 'The chart would make new certificates at every render, and Argo CD never be in sync.') } },
            relay: { enabled: p.hubble, [if p.hubble then 'resources']: kube.resources('20m', '64Mi', '256Mi') },
            ui: why({ enabled: p.hubble } + if !p.hubble then {} else {
              backend: { resources: kube.resources('10m', '32Mi', '256Mi') },
              frontend: { resources: kube.resources('10m', '32Mi', '128Mi') },
            }, 'It asks nobody who they are, so it is not exposed: cilium hubble ui leads there.'),
          },
          certgen: {
            annotations: { job: why({
              'argocd.argoproj.io/hook': 'Sync',
              'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation,HookSucceeded',
            }, 'Its name changes with every version, and nothing here is pruned by itself: as a hook it goes when it is done.') },
            resources: tools,
          },
        } + platform['load-balancer'].networkValues,
      }],
      // The chart has no field for who makes the certificates.
      patches: [
        {
          target: { kind: kind, labelSelector: 'k8s-app=hubble-generate-certs' },
          patch: [
            { op: 'add', path: pods[kind] + '/securityContext/' + field, value: nonRoot[field] }
            for field in std.objectFields(nonRoot)
          ],
        }
        for kind in std.objectFields(pods)
      ],
      waivers: [
        {
          rule: 'pods/run-as-non-root',
          match: { kind: 'DaemonSet', namespace: p.namespace, name: name, container: container },
          reason: rooted[name][container],
        }
        for name in std.objectFields(rooted)
        for container in std.objectFields(rooted[name])
        if !sealed || container != 'mount-cgroup'
      ] + [{
        rule: 'pods/privileged',
        match: { kind: 'DaemonSet', namespace: p.namespace, name: 'cilium', container: 'mount-bpf-fs' },
        reason: rooted.cilium['mount-bpf-fs'],
      }] + std.flatMap(
        function(name) waive(ofTheNode, { kind: 'DaemonSet', namespace: p.namespace, name: name }, nodes[name]),
        std.objectFields(nodes)
      ) + waive(
        ['pods/host-network'],
        { kind: 'Deployment', namespace: p.namespace, name: 'cilium-operator' },
        'It gives the pods their addresses, so it has to run before any pod has one.'
      ) + waive(
        ['pods/drop-net-raw'],
        { kind: 'DaemonSet', namespace: p.namespace, name: 'cilium' },
        nodes.cilium
      ) + waive(
        ['reliability/probe-port'],
        { kind: 'DaemonSet', namespace: p.namespace, name: 'cilium-envoy' },
        'The chart does not declare the port of its probes.'
      ) + (if !p.hubble then [] else waive(
             ['reliability/liveness-probe', 'reliability/readiness-probe'],
             { kind: 'Deployment', namespace: p.namespace, name: 'hubble-ui', container: 'backend' },
             'The chart has no value for its probes; the frontend beside it has some.'
           ) + waive(
             ['reliability/probe-port'],
             { kind: 'Deployment', namespace: p.namespace, name: 'hubble-relay' },
             'The chart does not declare the port of its probes.'
           )) + (if p.namespace != 'kube-system' then [] else std.flatMap(
                   function(match) waive(
                     ['metadata/kube-system'],
                     { namespace: p.namespace } + match,
                     'It is a part of the network, whose agents stand there because nothing may take their place.'
                   ),
                   [{ kind: 'CronJob', name: 'hubble-generate-certs' }, { kind: 'Job' }]
                   + if p.hubble then [{ kind: 'Deployment', name: 'hubble-relay' }, { kind: 'Deployment', name: 'hubble-ui' }] else []
                 )),
      objects: {
        // Neither asks anybody who they are, and they tell who speaks with whom.
        [if p.hubble then 'network-policy.yaml']:
          local only(name, by) = kube.reached(name, p.namespace, { matchLabels: { 'k8s-app': name } }, by);
          [
            only('hubble-relay', [{ podSelector: { matchLabels: { 'k8s-app': 'hubble-ui' } } }]),
            only('hubble-ui', ingress.proxies(platform)),
          ],
      },
      extras: {
        local monitor(name, label, port) = platform.monitoring.podMonitor(name, p.namespace, { matchLabels: label }, [{ port: port }]),
        'monitor.yaml':
          monitor('cilium-agent', { 'k8s-app': 'cilium' }, 'prometheus')
          + monitor('cilium-envoy', { 'k8s-app': 'cilium-envoy' }, 'envoy-metrics')
          + monitor('cilium-operator', { 'io.cilium/app': 'operator' }, 'prometheus'),
      },
      extrasStage: stages.policy,
      readme: { machines: 'Each machine needs Linux 5.10 or newer, with WireGuard (`modprobe wireguard`).' },
      guarded:: if !p.hubble then [] else [
        { name: 'hubble', namespace: p.namespace, service: 'hubble-ui', port: 80, pods: { matchLabels: { 'k8s-app': 'hubble-ui' } }, 'for': 'viewers' },
      ],
      provides:: { namespace: p.namespace, policy: 'cilium.io/v2', loadBalancer: 'cilium', proxyless: api != null },
    },
)
