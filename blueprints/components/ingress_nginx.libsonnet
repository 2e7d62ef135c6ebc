// ingress-nginx exposes web applications through Ingress objects.
//
// It ended in March 2026: nobody mends what is found in it any more, and gitopsgen lint says so (versions/ended-component). It is
// here for those who cannot move yet; its annotations are what keeps most of them.
local component = import '../lib/component.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'ingress-nginx', class = 'nginx', license = 'maxmind';
local pods = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': 'controller' };

local ports = { http: 8080, https: 8444 };

// What a line of the log has, as JSON: names are those that dashboards of Loki and Elasticsearch know.
local logged = {
  time: '$time_iso8601',
  remote_addr: '$remote_addr',
  request_id: '$req_id',
  host: '$host',
  method: '$request_method',
  uri: '$uri',
  protocol: '$server_protocol',
  status: '$status',
  bytes_sent: '$bytes_sent',
  request_length: '$request_length',
  request_time: '$request_time',
  referer: '$http_referer',
  user_agent: '$http_user_agent',
  namespace: '$namespace',
  ingress: '$ingress_name',
  service: '$service_name',
  upstream_addr: '$upstream_addr',
  upstream_status: '$upstream_status',
  upstream_response_time: '$upstream_response_time',
};

// What ModSecurity does about what its rules find.
local engines = { block: 'On', detect: 'DetectionOnly' };

component(
  {
    name: name,
    purpose: 'exposes web applications through Ingress objects; it ended in March 2026, and is for those who cannot move yet',
    capability: 'ingress',
    option: name,
    params: {
      jsonLog: 'whether lines of the log are JSON',
      modSecurity: 'the firewall with the rules of OWASP: `detect` only logs what they find, `block` refuses it',
      proxyProtocol: 'networks of what stands before it and speaks the PROXY protocol; then nothing else may ask it',
      requestsPerSecond: { type: 'number', says: 'how often one client may ask for pages of the platform; yours say it by nginx.ingress.kubernetes.io/limit-rps' },
      geoIP: 'whether countries of clients are known, `$geoip2_country_code`: it takes a key of MaxMind',
    },
  },
  {
    namespace: name,
    version: '4.15.1',
    replicas: tier(1, 2, 3),
    jsonLog: true,
    modSecurity: null,
    proxyProtocol: [],
    requestsPerSecond: null,
    geoIP: false,
  },
  function(p, platform)
    local annotations(page) = ingress.annotations(platform, page) + {
      ['nginx.ingress.kubernetes.io/' + key]: value
      for entry in [{
        'proxy-body-size': '0',  // services know how much they take
        'proxy-read-timeout': '3600',  // what streams, logs and events, may be silent for a while
        [if p.requestsPerSecond != null then 'limit-rps']: std.toString(p.requestsPerSecond),
      } + if page.backendTLS == null then {} else {
        'backend-protocol': 'HTTPS',
        'proxy-ssl-name': page.backendTLS.hostname,
        'proxy-ssl-secret': page.namespace + '/' + page.backendTLS.secret,
        'proxy-ssl-server-name': 'on',
        'proxy-ssl-verify': 'on',
      }]
      for key in std.objectFields(entry)
      for value in [entry[key]]
    };
    {
      assert p.modSecurity == null || std.member(std.objectFields(engines), p.modSecurity) : name + ': modSecurity is ' + std.toString(p.modSecurity) + ': want one of ' + std.join(', ', std.objectFields(engines)),

      stage: if p.geoIP then why(stages.last, 'It waits for the key of MaxMind, and nothing else should.') else stages.ingress,
      [if p.geoIP then 'extrasStage']: stages.last,
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['registry.k8s.io/ingress-nginx/'],
      images: ['registry.k8s.io/ingress-nginx/controller', 'registry.k8s.io/ingress-nginx/kube-webhook-certgen'],
      charts: [{
        repo: 'https://kubernetes.github.io/ingress-nginx',
        name: name,
        version: p.version,
        values: {
          controller: {
            replicaCount: p.replicas,
            [if p.replicas > 1 then 'unhealthyPodEvictionPolicy']: 'AlwaysAllow',
            [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread(pods),
            priorityClassName: why(kube.critical, kube.whyCritical),
            ingressClassResource: { default: true },
            service: why(ingress.service(platform), ingress.serviceComment(platform)),
            config: {
              [if p.jsonLog then 'log-format-escape-json']: 'true',
              [if p.jsonLog then 'log-format-upstream']: std.manifestJsonMinified(logged),
              'strict-validate-path-type': 'true',
              [if p.proxyProtocol != [] then 'use-proxy-protocol']: why('true', 'Who asks without it is refused.'),
              [if p.proxyProtocol != [] then 'proxy-real-ip-cidr']: std.join(',', p.proxyProtocol),
              [if p.geoIP then 'use-geoip2']: 'true',
            } + if p.modSecurity == null then {} else {
              'enable-modsecurity': 'true',
              'enable-owasp-modsecurity-crs': 'true',
              'modsecurity-snippet': why('SecRuleEngine ' + engines[p.modSecurity] + '\nSecAuditLog /dev/stdout\nSecAuditLogFormat JSON\nSecAuditEngine RelevantOnly\n', 'An Ingress that is refused for nothing leaves rules out by its annotation modsecurity-snippet, where snippets are allowed.'),
            },
            containerPort: why(ports, 'Ports that need no rights.'),
            extraArgs: { [scheme + '-port']: std.toString(ports[scheme]) for scheme in std.objectFields(ports) }
                       + if p.geoIP then { 'maxmind-edition-ids': 'GeoLite2-Country', 'maxmind-license-key': '$(MAXMIND_LICENSE_KEY)' } else {},
            [if p.geoIP then 'extraEnvs']: [{ name: 'MAXMIND_LICENSE_KEY', valueFrom: { secretKeyRef: { name: license, key: 'license-key' } } }],
            metrics: { enabled: true },
            admissionWebhooks: {
              createSecretJob: { resources: kube.resources('10m', '32Mi', '128Mi') },
              patchWebhookJob: { resources: kube.resources('10m', '32Mi', '128Mi') },
            },
            resources: kube.resources('100m', '256Mi', '1Gi'),
          },
        },
      }],
      patches: kube.syncedHooks,
      objects: {
        // The Jobs that make the certificate of its webhook are nobody's to ask.
        'jobs-policy.yaml': kube.reached(name + '-admission', p.namespace, { matchLabels: pods { 'app.kubernetes.io/component': 'admission-webhook' } }, []),
        'network-policy.yaml': kube.reached(name, p.namespace, { matchLabels: pods }, []) { spec+: { ingress: [
          { ports: [{ port: port, protocol: 'TCP' } for port in ['http', 'https', 'webhook']] },
        ] + if platform.monitoring.measures then [{ from: platform.monitoring.peers, ports: [{ port: 'metrics', protocol: 'TCP' }] }] else [] } },
      },
      extras: {
        'monitor.yaml': platform.monitoring.podMonitor(name, p.namespace, { matchLabels: pods }, [{ port: 'metrics' }]),
      },
      secrets: if !p.geoIP then [] else [
        { name: license, namespace: p.namespace, keys: ['license-key'], purpose: 'the countries of clients, which MaxMind knows' },
      ],
      waivers: waive(
        ['network/service-type'],
        { kind: 'Service', namespace: p.namespace, name: name + '-controller' },
        'It is the way into the cluster.'
      ) + waive(
        ['network/open-policy'],
        { kind: 'NetworkPolicy', namespace: p.namespace, name: name },
        'It serves everybody, and the API server asks it by its webhook, whose address no policy knows.'
      ),
      provides:: {
        namespace: p.namespace,
        service: name + '-controller.' + p.namespace + '.svc',
        class: class,
        sources: ['ingress'],
        exposes: true,
        // expose shows a page: see lib/ingress.libsonnet for its fields.
        expose(given)::
          local page = ingress.page(given);
          ingress.certificate(platform, page) + [
            kube.object('networking.k8s.io/v1', 'Ingress', page.name, page.namespace, {
              metadata+: { annotations: annotations(page) },
              spec: {
                ingressClassName: class,
                [if ingress.overTLS(platform) then 'tls']: [{ hosts: [page.host], secretName: ingress.secret(page) }],
                rules: [{ host: page.host, http: { paths: [
                  { path: '/', pathType: 'Prefix', backend: { service: { name: page.service, port: { number: page.port } } } },
                ] } }],
              },
            }),
          ],
      },
    },
)
