// external-dns writes the names of what is exposed into the DNS.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'external-dns';

// What providers on one's own machines need. Further ones, as external-dns names them, take values.
local providers = {
  cloudflare: {
    secret: { keys: ['api-token'], purpose: 'changes of DNS entries at Cloudflare' },
    values(p, domain):: {
      env: [{ name: 'CF_API_TOKEN', valueFrom: { secretKeyRef: { name: name, key: 'api-token' } } }],
    },
  },
  // BIND, Knot, PowerDNS and others take changes that are signed with a key of theirs.
  rfc2136: {
    secret: { keys: ['tsig-secret'], purpose: 'changes of DNS entries at the name server' },
    values(p, domain):: {
      env: [{ name: 'EXTERNAL_DNS_RFC2136_TSIG_SECRET', valueFrom: { secretKeyRef: { name: name, key: 'tsig-secret' } } }],
      extraArgs: {
        'rfc2136-host': if p.server != null then p.server else error 'external-dns: set the parameter server to the address of the name server',
        'rfc2136-zone': if p.zone != null then p.zone else domain,
        'rfc2136-tsig-keyname': p.key,
        'rfc2136-tsig-secret-alg': 'hmac-sha256',
        'rfc2136-tsig-axfr': true,
      },
    },
  },
};

component(
  {
    name: name,
    purpose: 'writes the names of what is exposed into the DNS',
    capability: 'dns',
    option: name,
    tried: { provider: 'rfc2136', server: '192.0.2.53' },
    params: {
      provider: '`rfc2136`, `cloudflare`, or any that external-dns knows: without one there is nothing to do',
      server: 'rfc2136: the address of the name server',
      zone: "rfc2136: the zone that holds the cluster's domain, where that is none itself",
      key: 'rfc2136: the name of the key',
      policy: 'what it may do with records: `upsert-only` deletes none, `sync` does',
    },
  },
  {
    namespace: 'external-dns',
    version: '1.21.1',
    provider: null,
    server: null,
    zone: null,
    key: 'external-dns',
    policy: 'upsert-only',
  },
  function(p, platform)
    local domain = platform.cluster.domain;
    local provider = std.get(providers, p.provider, { values(p, domain):: {} });
    if p.provider == null then {
      decisions: [{
        what: 'external-dns writes no names: nobody said where',
        do: 'set components.external-dns.params.provider to rfc2136 or cloudflare, or capabilities.dns to none',
      }],
    } else {
      stage: why(stages.last, 'It may wait for somebody to make the Secret, and nothing else should.'),
      extrasStage: stages.last,
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['registry.k8s.io/external-dns/'],
      images: ['registry.k8s.io/external-dns/external-dns'],
      charts: [{
        repo: 'https://kubernetes-sigs.github.io/external-dns',
        name: name,
        version: p.version,
        values: {
          provider: { name: p.provider },
          sources: std.set(['service'] + platform.ingress.sources),
          [if platform.ingress.listenerSets then 'enableGatewayListenerSets']: true,
          domainFilters: [domain],
          policy: why(p.policy, 'Names are added and changed, and never deleted: sync would do that too.'),
          txtOwnerId: why(platform.spec.name + '-' + platform.cluster.name, 'By this it knows its own entries again. Another cluster with the same would change them.'),
          resources: kube.resources('10m', '64Mi', '256Mi'),
        } + provider.values(p, domain),
      }],
      objects: {
        'network-policy.yaml': kube.reached(name, p.namespace, { matchLabels: { 'app.kubernetes.io/name': name } }, platform.monitoring.peers),
      },
      extras: {
        'monitor.yaml': platform.monitoring.monitor(
          name, p.namespace, { matchLabels: { 'app.kubernetes.io/name': name } }, [{ port: 'http' }]
        ),
      },
      secrets: if std.objectHas(provider, 'secret') then [{ name: name, namespace: p.namespace } + provider.secret] else [],
    },
)
