// consul gives the pods of teams and workloads identities, encrypts what they say to each other, and asks who may (Consul Connect).
//
// The server is under the Business Source License 1.1, which lets nobody offer it to others as a service that competes with
// HashiCorp's. Its injector needs the kinds of the Gateway API, whether anybody uses them or not: so it needs an ingress that brings
// them. Gateways of Consul's own it makes none: the ingress shows pages.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'consul';
local datacenter = 'dc1';  // as the chart calls it
local cni = 'consul-cni';
local joined = { 'consul.hashicorp.com/connect': 'enabled' };

// unbound takes off the limit of cpu that the chart has.
local unbound(resources) = resources { limits+: { cpu: null } };

// The Jobs that set up gateways of Consul's own, and all that they need.
local gateways = ['consul-gateway-' + job for job in ['cleanup', 'cleanup-custom', 'resources', 'resources-custom']];
local without(kind, names) = [{
  target: { kind: kind, name: of },
  patch: { '$patch': 'delete', apiVersion: 'v1', kind: kind, metadata: { name: of } },
} for of in names];

local part(of) = { matchLabels: { app: name, component: of } };

local issuer(name, namespace, spec) = kube.object('cert-manager.io/v1', 'Issuer', name, namespace, { spec: spec });
local certificate(name, namespace, by, spec) = kube.object('cert-manager.io/v1', 'Certificate', name, namespace, { spec: {
  secretName: name,
  privateKey: { algorithm: 'ECDSA', size: 256 },
  issuerRef: { group: 'cert-manager.io', kind: 'Issuer', name: by },
} + spec });

// The servers' own authority; that of the mesh Consul keeps itself. It keeps its key, so that what it signed stays good.
local certificates(namespace) = [
  issuer('consul-self-signed', namespace, { selfSigned: {} }),
  certificate('consul-ca', namespace, 'consul-self-signed', {
    isCA: true,
    commonName: 'Consul ' + datacenter,
    duration: '87600h',
    renewBefore: '8760h',
    privateKey+: { rotationPolicy: 'Never' },
  }),
  issuer('consul-ca', namespace, { ca: { secretName: 'consul-ca' } }),
  certificate('consul-server-tls', namespace, 'consul-ca', {
    commonName: 'server.' + datacenter + '.consul',
    dnsNames: ['localhost'] + std.flatMap(
      function(host) [host, '*.' + host],
      ['server.' + datacenter + '.consul', 'consul-server', 'consul-server.' + namespace, 'consul-server.' + namespace + '.svc']
    ) + ['consul-ui.' + namespace + '.svc'],
    ipAddresses: ['127.0.0.1'],
    duration: '2160h',
    renewBefore: '720h',
    usages: ['server auth', 'client auth'],
  }),
];

local alarms(namespace, replicas) = [{ name: name, rules: [
  measure.alarm(
    'ConsulServersLost',
    'critical',
    '10m',
    'kube_statefulset_status_replicas_ready{namespace="' + namespace + '", statefulset="consul-server"} < ' + (std.floor(replicas / 2) + 1),
    'Too few servers of Consul are left to agree: pods of the mesh that come up stay outside of it.'
  ),
] }];

local manual = |||
  ## The service mesh

  JOINSWhat one pod says to another is then encrypted, and each knows who the other is. A pod stays
  out by the annotation `consul.hashicorp.com/connect-inject: "false"`. A pod in the mesh has a Service, and a ServiceAccount of the same name. Who may ask whom,
  ServiceIntentions say: until there is one, nobody may. A NetworkPolicy lets other namespaces in on port 20000.

  `kubectl -n NAMESPACE get secret consul-bootstrap-acl-token -o jsonpath='{.data.token}' | base64 -d` is the token with all rights, for the first login.
|||;

local again = |||
  With what ServiceIntentions and other objects say Consul begins anew by itself. What was set by hand comes back out of a snapshot, if you have one, with the token of the new cluster:

  ```sh
  TOKEN=$(kubectl -n NAMESPACE get secret consul-bootstrap-acl-token -o jsonpath='{.data.token}' | base64 -d)
  kubectl -n NAMESPACE exec -i consul-server-0 -c consul -- sh -c 'cat > /tmp/snapshot && CONSUL_HTTP_TOKEN='"$TOKEN"' consul snapshot restore /tmp/snapshot' < snapshot
  ```

  Then the tokens are those of the snapshot: put its first one into that Secret.
|||;

component(
  {
    name: name,
    purpose: 'gives pods of teams and workloads identities, encrypts what they say to each other, and asks who may (licence: BUSL-1.1)',
    capability: 'service-mesh',
    option: name,
    requires: { certificates: 'cert-manager', ingress: 'envoy-gateway' },
    params: {
      replicas: 'servers: 1, 3 or 5',
      injectors: 'pods of what brings others into the mesh',
      storage: 'the disk of each server',
      joins: 'whether pods in the namespaces of teams and workloads are in the mesh; else those with the annotation `consul.hashicorp.com/connect-inject: "true"`',
    },
  },
  {
    namespace: name,
    version: '2.0.3',
    host: null,
    replicas: tier(1, 3, 3),
    injectors: tier(1, 2, 3),
    storage: tier('5Gi', '10Gi', '20Gi'),
    joins: true,
    servers:: tier(kube.resources('50m', '128Mi', '512Mi'), kube.resources('100m', '256Mi', '1Gi'), kube.resources('250m', '512Mi', '2Gi')),
  },
  function(p, platform)
    local host = ingress.host(platform, name, name, p.host);
    // Nobody is to send a token in clear.
    local exposed = platform.ingress.exposes && ingress.overTLS(platform);
    local class = platform.storage.class;
    local moved(value, image) =
      local from = 'docker.io/hashicorp/' + image;
      if platform.image(from) == from then {} else { [value]: platform.image(from) + ':' + p.version };
    local confined = kube.confined { readOnlyRootFilesystem: true, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
    local ports(numbers) = [{ port: port, protocol: 'TCP' } for port in numbers];
    local pods(kind, of, spec) = {
      target: { kind: kind, name: of },
      patch: kube.object(if kind == 'Job' then 'batch/v1' else 'apps/v1', kind, of, rest={ spec: { template: { spec: { automountServiceAccountToken: true } + spec } } }),
    };
    {
      stage: why(stages.last, 'Its disks may wait for somebody to give some, and nothing else should.'),
      extrasStage: stages.last,
      crds: true,
      needs: ['certificates'],
      namespaces: { [p.namespace]: 'restricted', [cni]: 'privileged' },
      registries: ['docker.io/hashicorp/'],
      images: ['hashicorp/consul', 'hashicorp/consul-k8s-control-plane'],
      charts: [{
        repo: 'https://helm.releases.hashicorp.com',
        name: name,
        version: p.version,
        apiVersions: ['policy/v1/PodDisruptionBudget'],
        values: {
          global: moved('image', 'consul') + moved('imageK8S', 'consul-k8s-control-plane') + moved('imageConsulDataplane', 'consul-dataplane') + {
            name: name,
            logJSON: true,
            installK8sNetworkingCRDs: why(false, 'The kinds of the Gateway API come with the ingress.'),
            crds: { enableTcpRoute: false },
            // Servers gossip among themselves alone, in one namespace, and a policy keeps others out: that takes no key.
            tls: {
              enabled: true,
              caCert: why({ secretName: 'consul-ca', secretKey: 'tls.crt' }, 'cert-manager makes the certificates, and no Job of the chart.'),
            },
            acls: {
              manageSystemACLs: true,
              resources: unbound(kube.resources('20m', '64Mi', '128Mi')),
            },
            argocd: { enabled: true },
          },
          server: {
            replicas: p.replicas,
            priorityClassName: why(kube.critical, kube.whyCritical),
            serverCert: { secretName: 'consul-server-tls' },
            disruptionBudget: if p.replicas > 1 then { maxUnavailable: 1 } else { enabled: false },
            storage: p.storage,
            [if class != null then 'storageClass']: class,
            resources: unbound(p.servers),
            containerSecurityContext: { server: confined },
            [if p.replicas > 1 then 'affinity']: why(null, 'On fewer machines than servers one would wait for ever.'),
            [if p.replicas > 1 then 'topologySpreadConstraints']: std.manifestYamlDoc(kube.spread(part('server').matchLabels), quote_keys=false),
          },
          dns: why({ enabled: false }, 'Pods find each other as ever; proxies know who is meant.'),
          connectInject: {
            enabled: true,
            replicas: p.injectors,
            priorityClassName: kube.critical,
            disruptionBudget: if p.injectors > 1 then { maxUnavailable: 1 } else { enabled: false },
            default: p.joins,
            namespaceSelector: why(std.manifestYamlDoc({ matchLabels: joined }, quote_keys=false), 'It is asked of no namespace of the platform, which must come up without it.'),
            apiGateway: { manageExternalCRDs: false },
            cni: {
              enabled: why(true, 'The pods would need rights that no Pod Security level but privileged allows.'),
              namespace: cni,
              resources: unbound(kube.resources('20m', '64Mi', '128Mi')),
            },
            resources: unbound(kube.resources('50m', '128Mi', '512Mi')),
            sidecarProxy: { resources: kube.resources('20m', '64Mi', '256Mi') },
            initContainer: { resources: kube.resources('20m', '32Mi', '150Mi') },
          },
        },
      }],
      patches: std.flatMap(function(kind) without(kind, gateways), ['ClusterRole', 'ClusterRoleBinding', 'ConfigMap', 'Job', 'ServiceAccount'])
               // What belongs to the whole cluster has no namespace.
               + [
                 { target: { kind: 'ClusterRole', name: role }, patch: [{ op: 'remove', path: '/metadata/namespace' }] }
                 for role in ['consul-cni', 'consul-server']
               ]
               // Argo CD itself deletes the Job that is done.
               + std.flatMap(function(kind) without(kind, ['consul-server-acl-init-cleanup']), ['Job', 'Role', 'RoleBinding', 'ServiceAccount'])
               + without('Pod', ['consul-test'])
               + [
                 pods('Job', 'consul-server-acl-init', { containers: [{ name: 'server-acl-init-job', securityContext: confined }] }),
                 pods('StatefulSet', 'consul-server', { initContainers: [{ name: 'locality-init', resources: kube.resources('20m', '32Mi', '64Mi') }] }),
                 pods('Deployment', 'consul-webhook-cert-manager', { priorityClassName: kube.critical }),
                 pods('Deployment', 'consul-connect-injector', {
                   containers: [{ name: 'sidecar-injector', livenessProbe: { failureThreshold: 6 } }],
                   [if p.injectors > 1 then 'topologySpreadConstraints']: kube.spread(part('connect-injector').matchLabels),
                 }),
                 pods('DaemonSet', 'consul-cni', { containers: [{
                   name: 'install-cni',
                   securityContext: kube.confined { privileged: false, seccompProfile: { type: 'RuntimeDefault' }, capabilities+: { add: ['DAC_OVERRIDE'] } },
                 }] }),
               ],
      objects: {
        'certificates.yaml': certificates(p.namespace),
        'network-policy.yaml': [
          // Servers agree among each other; proxies, from wherever pods are in the mesh, ask them who is there.
          kube.reached('consul-server', p.namespace, part('server'), [{ podSelector: {} }]) {
            spec+: { ingress+: [
              { from: [{ namespaceSelector: { matchLabels: joined } }], ports: ports([8501, 8502]) },
              { from: ingress.proxies(platform), ports: ports([8501]) },
            ] },
          },
          kube.asked('consul-connect-injector', p.namespace, part('connect-injector'), 'webhook-server', platform.monitoring.peers),
          // These ask others, and nobody asks them.
          kube.reached('consul-cni', cni, part('cni'), []),
          kube.reached('consul-server-acl-init', p.namespace, part('server-acl-init'), []),
          kube.reached('consul-webhook-cert-manager', p.namespace, part('webhook-cert-manager'), []),
        ],
      },
      extras: {
        [if exposed then 'page.yaml']: platform.ingress.expose({
          name: name,
          namespace: p.namespace,
          host: host,
          service: 'consul-ui',
          port: 443,
          backendTLS: { hostname: 'consul-ui.' + p.namespace + '.svc', secret: 'consul-server-tls' },
        }),
        'monitor.yaml': platform.monitoring.rules(name, p.namespace, alarms(p.namespace, p.replicas)),
      },
      hosts: if exposed then [host] else [],
      readme: { section: std.foldl(function(text, word) std.strReplace(text, word[0], word[1]), [
        ['NAMESPACE', p.namespace],
        [
          'JOINS',
          if p.joins then 'The pods of teams and workloads are in the mesh, Consul: beside each stands a proxy. '
          else 'A pod of a team or a workload with the annotation `consul.hashicorp.com/connect-inject: "true"` is in the mesh, Consul: beside it stands a proxy. ',
        ],
      ], manual) },
      waivers: waive(
        ['network/open-policy'],
        { kind: 'NetworkPolicy', namespace: p.namespace, name: 'consul-connect-injector' },
        'The API server asks it by its webhook, and no policy can say where that stands.'
      ) + waive(
        [
          'pods/dangerous-capabilities',
          'pods/drop-all-capabilities',
          'pods/host-path',
          'pods/read-only-root',
          'pods/root-group',
          'pods/run-as-non-root',
          'pods/sensitive-host-path',
          'pods/writable-host-path',
          'reliability/liveness-probe',
          'reliability/readiness-probe',
        ],
        { kind: 'DaemonSet', namespace: cni, name: 'consul-cni' },
        'It puts its program and its configuration into the folders from which the machine takes those of the network, and serves nobody.'
      ) + waive(
        ['reliability/liveness-probe'],
        { kind: 'StatefulSet', namespace: p.namespace, name: 'consul-server' },
        'A server that cannot agree with the others must wait for them, and not begin anew.'
      ) + waive(
        ['reliability/liveness-probe', 'reliability/min-replicas', 'reliability/readiness-probe'],
        { kind: 'Deployment', namespace: p.namespace, name: 'consul-webhook-cert-manager' },
        'It renews the certificate of the webhook now and then, and serves nobody; the chart has no value for its probes.'
      ) + waive(
        ['reliability/probe-port'],
        { kind: 'Deployment', namespace: p.namespace, name: 'consul-connect-injector' },
        'The chart does not declare the port of its probes.'
      ) + waive(
        ['rbac/admission-webhooks', 'rbac/secrets'],
        { kind: 'ClusterRole', name: 'consul-webhook-cert-manager' },
        'It writes the authority of its certificate into its webhook, and the certificate into a Secret.'
      ) + waive(
        ['rbac/secrets'],
        { kind: 'ClusterRole', name: 'consul-connect-injector' },
        'Its chart lets it read certificates of gateways in any namespace.'
      ) + waive(
        ['rbac/secrets'],
        { kind: 'Role', namespace: p.namespace, name: 'consul-server-acl-init' },
        'It keeps the first token in a Secret beside it.'
      ),
      data: [data.of({
        what: 'what the servers of Consul know',
        where: 'claims in the namespace ' + p.namespace,
        namespace: p.namespace,
        loss: 'what was set in Consul by hand; its authority and its tokens it makes anew, as pods get other identities',
        history: true,
        keep: 'consul snapshot save, each night; files that are copied while Consul writes them are no backup',
        restore: std.strReplace(again, 'NAMESPACE', p.namespace),
      })],
      provides:: {
        namespace: p.namespace,
        chained: true,
        labels: joined,
        // Each proxy asks the servers who it is, and whom it reaches.
        policies(namespace):: [kube.object('networking.k8s.io/v1', 'NetworkPolicy', 'allow-mesh', namespace, { spec: {
          podSelector: {},
          policyTypes: ['Egress'],
          egress: [{ to: kube.from([p.namespace]), ports: ports([8501, 8502]) }],
        } })],
      },
    },
)
