// oauth2-proxy shows pages that ask nobody who they are to those who log in: one proxy for each, as it tells pages apart by their
// paths alone.
local component = import '../lib/component.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local login = import '../lib/login.libsonnet';
local tier = import '../lib/tier.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'oauth2-proxy';
local secret = 'oauth2-proxy-cookies';

local manual = |||
  ## Pages of CLUSTER behind the login

  PAGES

  Their cookies are encrypted by a key that you make once:

  ```sh
  kubectl -n NAMESPACE create secret generic oauth2-proxy-cookies --from-literal=cookie-secret="$(openssl rand -base64 32 | tr -- '+/' '-_')"
  ```
|||;

component(
  { name: name, purpose: 'shows pages that ask nobody who they are to those who log in' },
  { namespace: name, version: '10.7.0', replicas: tier(1, 2, 2) },
  function(p, platform)
    local exposed = platform.ingress.exposes && ingress.overTLS(platform);
    local guarded = if exposed then platform.guarded else [];
    local pages = if login.serves(platform) then guarded else [];
    local host(page) = page.name + '.' + platform.cluster.domain;
    local callback(page) = 'https://' + host(page) + '/oauth2/callback';
    local client(page) = 'guard-' + page.name;
    local groups(page) = platform.authentication.admins + (if page['for'] == 'viewers' then platform.authentication.viewers else []);
    local authority = if pages == [] then [] else login.authority(platform, name, p.namespace);
    local labels(page) = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': client(page) };
    {
      stage: why(stages.last, 'It waits for a Secret that somebody makes, and for the login, and nothing else should.'),
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['quay.io/oauth2-proxy/'],
      images: ['quay.io/oauth2-proxy/oauth2-proxy'],
      charts: [{
        repo: 'https://oauth2-proxy.github.io/manifests',
        name: name,
        version: p.version,
        releaseName: client(page),
        values: {
          fullnameOverride: client(page),
          replicaCount: p.replicas,
          [if p.replicas > 1 then 'podDisruptionBudget']: { minAvailable: null, maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
          [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread(labels(page)),
          config: {
            existingSecret: secret,
            requiredSecretKeys: why(['cookie-secret'], 'The client has no secret.'),
            upstreams: ['http://' + page.service + '.' + page.namespace + '.svc:' + page.port],
          },
          extraArgs: [
            '--provider=oidc',
            '--oidc-issuer-url=' + platform.authentication.issuer,
            '--client-id=' + client(page),
            why('--client-secret-file=/dev/null', 'It insists on a secret. A public client has none, and proves by PKCE that it began the login.'),
            '--code-challenge-method=S256',
            '--scope=' + std.join(' ', platform.authentication.scopes),
            '--redirect-url=' + callback(page),
          ] + [
            '--allowed-group=' + login.quoted(group)
            for group in groups(page)
          ] + [
            '--cookie-expire=8h',
            why('--reverse-proxy=true', 'TLS ends at the ingress.'),
            '--skip-provider-button=true',
            '--silence-ping-logging=true',
          ] + if authority == [] then [] else ['--provider-ca-file=/etc/login/ca.crt'],
          [if authority != [] then 'extraVolumes']: [{
            name: 'login-authority',
            secret: { secretName: login.secret(name), items: [{ key: 'ca.crt', path: 'ca.crt' }] },
          }],
          [if authority != [] then 'extraVolumeMounts']: [{ name: 'login-authority', mountPath: '/etc/login', readOnly: true }],
          enableServiceLinks: false,
          serviceAccount: { automountServiceAccountToken: why(false, 'It never asks the API server.') },
          resources: kube.resources('10m', '32Mi', '128Mi'),
        },
      } for page in pages],
      clients:: login.clients([{ id: client(page), name: page.name, redirectURIs: [callback(page)] } for page in guarded]),
      objects: {
        'login.yaml': authority,
        'network-policy.yaml': if pages == [] then [] else [
          kube.reached(name, p.namespace, { matchLabels: { 'app.kubernetes.io/name': name } }, ingress.proxies(platform) + platform.monitoring.peers),
        ] + [
          // Beside what shields them already, and for these proxies alone.
          kube.reached('guard-' + page.name, page.namespace, page.pods, [
            { namespaceSelector: from.namespaceSelector, podSelector: { matchLabels: labels(page) } }
            for from in kube.from([p.namespace])
          ])
          for page in pages
        ],
      },
      extras: {
        'pages.yaml': std.flatMap(
          function(page) platform.ingress.expose({ name: client(page), namespace: p.namespace, host: host(page), service: client(page), port: 80 }), pages
        ),
        'monitor.yaml': if pages == [] then [] else platform.monitoring.podMonitor(
          name, p.namespace, { matchLabels: { 'app.kubernetes.io/name': name } }, [{ port: 'metrics' }]
        ),
      },
      extrasStage: stages.last,
      hosts: [host(page) for page in pages],
      decisions: if pages != [] then [] else [{
        what: 'oauth2-proxy guards nothing: people cannot log in',
        do: 'see to the login first, or set components.oauth2-proxy.enabled to false',
      }],
      readme: if pages == [] then {} else {
        section: std.strReplace(
          std.strReplace(std.strReplace(manual, 'NAMESPACE', p.namespace), 'CLUSTER', platform.cluster.name),
          'PAGES\n',
          std.join('', ['- `https://' + host(page) + '`, for ' + std.join(', ', ['`' + group + '`' for group in groups(page)]) + '\n' for page in pages])
        ),
      },
      secrets: if pages == [] then [] else [{ name: secret, namespace: p.namespace, keys: ['cookie-secret'], purpose: 'the cookies of pages behind the login' }],
    },
)
