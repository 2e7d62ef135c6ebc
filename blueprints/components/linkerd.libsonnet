// linkerd gives the pods of teams and workloads identities, and encrypts what they say to each other.
//
// Beside each of these pods a proxy is put when it is made. The platform itself stays out of the mesh. There are no releases in
// the open but those that upstream calls edge.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local derived = import '../lib/derived.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'linkerd';

// The label without which the API server does not ask Linkerd about a namespace, and the ports at which proxies ask it.
local asked = { 'config.linkerd.io/admission-webhooks': 'enabled' };
local ports = [{ port: port, protocol: 'TCP' } for port in [4143, 8080, 8086, 8090]];

// What the API server asks, as the values of the chart name it: the Service and the port of its pods.
local webhooks = {
  policyValidator: { service: 'linkerd-policy-validator', part: 'destination', port: 'policy-https' },
  profileValidator: { service: 'linkerd-sp-validator', part: 'destination', port: 'sp-validator' },
  proxyInjector: { service: 'linkerd-proxy-injector', part: 'proxy-injector', port: 'proxy-injector' },
};

local resources(cpu, memory, limit) = { cpu: { request: cpu }, memory: { request: memory, limit: limit } };

local issuer(name, namespace, spec) = kube.object('cert-manager.io/v1', 'Issuer', name, namespace, { spec: spec });
local certificate(name, namespace, by, spec) = kube.object('cert-manager.io/v1', 'Certificate', name, namespace, { spec: {
  secretName: name,
  privateKey: { algorithm: 'ECDSA', size: 256 },
  issuerRef: { group: 'cert-manager.io', kind: 'Issuer', name: by },
} + spec });

// An authority keeps its key, so that what it signed stays good when it is renewed.
local authority(name, namespace, commonName) = [
  certificate(name, namespace, 'linkerd-self-signed', {
    isCA: true,
    commonName: commonName,
    duration: '87600h',
    renewBefore: '8760h',
    privateKey+: { rotationPolicy: 'Never' },
  }),
  issuer(name, namespace, { ca: { secretName: name } }),
];

local anchor = 'linkerd-trust-anchor';

// The authorities stand in the namespace of Linkerd, so that nobody else can have them sign.
local certificates(namespace, domain) = std.flattenArrays([
  [issuer('linkerd-self-signed', namespace, { selfSigned: {} })],
  authority(anchor, namespace, 'root.linkerd.' + domain),
  authority('linkerd-webhooks', namespace, 'webhooks.linkerd.' + domain),
  [certificate('linkerd-identity-issuer', namespace, anchor, {
    isCA: true,
    commonName: 'identity.linkerd.' + domain,
    dnsNames: ['identity.linkerd.' + domain],
    duration: '2160h',
    renewBefore: '720h',
    usages: ['cert sign', 'crl sign', 'server auth', 'client auth'],
  })],
  [
    certificate(webhooks[webhook].service + '-k8s-tls', namespace, 'linkerd-webhooks', {
      local host = webhooks[webhook].service + '.' + namespace + '.svc',
      commonName: host,
      dnsNames: [host],
      privateKey+: { encoding: 'PKCS8', rotationPolicy: 'Always' },
      usages: ['server auth'],
    })
    for webhook in std.objectFields(webhooks)
  ],
]);

local alarms = [{ name: name, rules: [
  measure.alarm(
    'LinkerdIssuerExpires',
    'critical',
    '1h',
    'issuer_cert_ttl_seconds < 2 * 86400',
    'What signs the identities of pods in the mesh has less than two days left: then nothing in it reaches anything.'
  ),
  measure.alarm('LinkerdIdentityLost', 'critical', '15m', 'absent(issuer_cert_ttl_seconds)', 'No pod gets an identity in the mesh: linkerd-identity is lost, or not measured.'),
  measure.alarm(
    'LinkerdRequestsFail',
    'warning',
    '15m',
    'sum by (namespace, deployment) (rate(response_total{direction="inbound", classification="failure"}[5m])) / sum by (namespace, deployment) (rate(response_total{direction="inbound"}[5m])) > 0.05',
    '{{ $labels.namespace }}/{{ $labels.deployment }} fails to answer {{ $value | humanizePercentage }} of what it is asked.'
  ),
] }];

local panels = [
  measure.line('Answered', 'percentunit', {
    '{{namespace}}': 'sum by (namespace) (rate(response_total{direction="inbound", classification="success"}[5m])) / sum by (namespace) (rate(response_total{direction="inbound"}[5m]))',
  }),
  measure.line('Requests a second', 'reqps', { '{{namespace}}': 'sum by (namespace) (rate(request_total{direction="inbound"}[5m]))' }),
  measure.line('Of these encrypted', 'percentunit', {
    '{{namespace}}': 'sum by (namespace) (rate(request_total{direction="inbound", tls="true"}[5m])) / sum by (namespace) (rate(request_total{direction="inbound"}[5m]))',
  }),
  measure.line('Slower are 5 of 100', 'ms', {
    '{{namespace}}': 'histogram_quantile(0.95, sum by (le, namespace) (rate(response_latency_ms_bucket{direction="inbound"}[5m])))',
  }),
];

local manual = |||
  ## The service mesh

  JOINSWhat one pod says to another is then encrypted, and each knows who the other is. A pod stays
  out by the annotation `linkerd.io/inject: disabled`. A pod is in the mesh once it was made anew: `kubectl rollout restart`.

  Who lets pods of other namespaces in by a NetworkPolicy lets them in on port 4143, too: there the proxies speak with each other where they do not know the
  protocol. Who may ask whom by name, an AuthorizationPolicy of Linkerd says.
|||;

component(
  {
    name: name,
    purpose: 'gives pods of teams and workloads identities, and encrypts what they say to each other',
    capability: 'service-mesh',
    option: name,
    with: ['linkerd-cni', 'linkerd-crds', 'trust-manager'],
    requires: { certificates: 'cert-manager' },
    params: {
      release: 'the tag of its images',
      joins: 'whether the namespaces of teams and workloads are in the mesh; else pods by the annotation `linkerd.io/inject: enabled`',
      clusterDomain: 'the domain of the cluster in its own DNS',
    },
  },
  {
    namespace: name,
    version: '2026.8.3',
    release: derived('edge- and the version without its century', function(p, platform) 'edge-' + std.substr(p.version, 2, std.length(p.version))),
    replicas: tier(1, 2, 3),
    joins: true,
    clusterDomain: 'cluster.local',
    parts:: tier(resources('20m', '64Mi', '256Mi'), resources('50m', '64Mi', '256Mi'), resources('100m', '128Mi', '512Mi')),
  },
  function(p, platform)
    local moved(image) = if platform.image(image) == image then {} else { image: { name: platform.image(image) } };
    local part(names) = { matchExpressions: [{ key: 'linkerd.io/control-plane-component', operator: 'In', values: names }] };
    local spread(of) = {
      target: { kind: 'Deployment', name: 'linkerd-' + of },
      patch: kube.object('apps/v1', 'Deployment', 'linkerd-' + of, rest={ spec: { template: { spec: {
        topologySpreadConstraints: kube.spread({ 'linkerd.io/control-plane-component': of }),
      } } } }),
    };
    {
      needs: ['certificates'],
      namespaces: { [p.namespace]: 'restricted' },
      data: [data.of({
        what: 'the authorities of the mesh',
        where: 'Secrets in the namespace ' + p.namespace,
        dispensable: 'cert-manager makes others, and all pods of a new cluster get identities of these',
      })],
      registries: ['cr.l5d.io/linkerd/'],
      images: ['cr.l5d.io/linkerd/controller', 'cr.l5d.io/linkerd/proxy'],
      charts: [{
        repo: 'https://helm.linkerd.io/edge',
        name: 'linkerd-control-plane',
        version: p.version,
        values: {
          linkerdVersion: p.release,
          [if p.clusterDomain != 'cluster.local' then 'clusterDomain']: p.clusterDomain,
          controllerReplicas: p.replicas,
          [if p.replicas > 1 then 'enablePodDisruptionBudget']: true,
          priorityClassName: why(kube.critical, kube.whyCritical),
          cniEnabled: why(true, 'The proxies would need rights in each pod that no Pod Security level but privileged allows.'),
          webhookFailurePolicy:
            if p.replicas > 1 then why('Fail', 'No pod of the mesh comes up without its proxy. Of other namespaces the API server asks nothing.')
            else why('Ignore', 'There is one that puts proxies into pods: while it does not answer pods come up without, and speak in clear.'),
          disableHeartBeat: why(true, 'It would tell upstream of the cluster every day.'),
          identity: {
            externalCA: why(true, 'A Bundle of trust-manager makes the ConfigMap with the authority.'),
            issuer: { scheme: why('kubernetes.io/tls', 'cert-manager makes the Secret, and renews it.') },
          },
          controllerLogFormat: 'json',
          proxy: moved('cr.l5d.io/linkerd/proxy') + { resources: why(resources('10m', '32Mi', '256Mi'), 'Of each proxy. A pod may ask for more by annotations.') },
          [if moved('cr.l5d.io/linkerd/debug') != {} then 'debugContainer']: moved('cr.l5d.io/linkerd/debug'),
          destinationResources: p.parts,
          spValidatorResources: resources('10m', '32Mi', '128Mi'),
          policyController: { resources: p.parts },
          identityResources: resources('20m', '32Mi', '128Mi'),
          proxyInjectorResources: resources('20m', '64Mi', '256Mi'),
          [if platform.monitoring.measures then 'podMonitor']: {
            enabled: true,
            scrapeInterval: '30s',
            controller: { namespaceSelector: 'matchNames: [' + p.namespace + ']' },
            serviceMirror: { enabled: false },
          },
        } + {
          [webhook]+: {
            externalSecret: why(true, 'The chart would make a new key at every render.'),
            injectCaFrom: p.namespace + '/' + webhooks[webhook].service + '-k8s-tls',
            namespaceSelector: why({ matchLabels: asked }, 'It is asked of no namespace of the platform, which must come up without it.'),
          }
          for webhook in std.objectFields(webhooks)
        },
      }],
      patches: if p.replicas == 1 then [] else [spread(of) for of in ['destination', 'identity', 'proxy-injector']] + [{
        target: { kind: 'PodDisruptionBudget' },
        patch: kube.object('policy/v1', 'PodDisruptionBudget', 'any', rest={ spec: { unhealthyPodEvictionPolicy: 'AlwaysAllow' } }),
      }],
      objects: {
        'certificates.yaml': certificates(p.namespace, p.clusterDomain) + [
          kube.object('trust.cert-manager.io/v1alpha1', 'Bundle', 'linkerd-identity-trust-roots', rest={ spec: {
            sources: [{ secret: { name: anchor, key: 'tls.crt' } }],
            target: {
              configMap: { key: 'ca-bundle.crt' },
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': p.namespace } },
            },
          } }),
        ],
        'network-policy.yaml': [
          // The proxies ask it, from wherever pods are in the mesh; its own parts ask each other.
          kube.reached(name, p.namespace, {}, [{ podSelector: {} }] + platform.monitoring.peers) {
            spec+: { ingress+: [{ from: [{ namespaceSelector: { matchLabels: asked } }], ports: ports }] },
          },
        ] + [
          kube.asked(webhooks[webhook].service, p.namespace, part([webhooks[webhook].part]), webhooks[webhook].port, [{ podSelector: {} }])
          for webhook in std.objectFields(webhooks)
        ],
      },
      extras: {
        'monitor.yaml': platform.monitoring.rules(name, p.namespace, alarms) + platform.monitoring.dashboard(name, 'Linkerd', panels),
      },
      readme: { section: std.strReplace(
        manual,
        'JOINS',
        if p.joins then 'The pods of teams and workloads are in the mesh, Linkerd: beside each stands a proxy. '
        else 'A pod of a team or a workload with the annotation `linkerd.io/inject: enabled` is in the mesh, Linkerd: beside it stands a proxy. '
      ) },
      waivers: std.flatMap(
        function(webhook) waive(
          ['network/open-policy'],
          { kind: 'NetworkPolicy', namespace: p.namespace, name: webhooks[webhook].service },
          'The API server asks it by its webhook, and no policy can say where that stands.'
        ),
        std.objectFields(webhooks)
      ) + waive(
        ['rbac/secrets'],
        { kind: 'Role', namespace: p.namespace, name: 'remote-discovery' },
        'How other clusters of a mesh are reached would stand in Secrets beside it, which it looks for from the start.'
      ),
      provides:: {
        namespace: p.namespace,
        anchors: p.namespace,
        chained: true,
        labels: asked,
        annotations: if p.joins then { 'linkerd.io/inject': 'enabled' } else {},
        // Each proxy asks who it is, whom it reaches, and what it may.
        policies(namespace):: [kube.object('networking.k8s.io/v1', 'NetworkPolicy', 'allow-mesh', namespace, { spec: {
          podSelector: {},
          policyTypes: ['Egress'],
          egress: [{ to: kube.from([p.namespace]), ports: ports }],
        } })],
      },
    },
)
