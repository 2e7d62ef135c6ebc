// dex lets people log in by the identity provider that there is already: it asks that, and tells the platform who they are.
//
// Nothing that says who somebody is stands in Git: no passwords, and of clients no secrets, for they have none.
local component = import '../lib/component.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'dex';
local secret = 'dex-connectors';
local labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name };

// The connectors of Dex 2.44, and whether the provider sends people back to Dex.
local types = {
  'atlassian-crowd': false,
  'bitbucket-cloud': true,
  gitea: true,
  github: true,
  gitlab: true,
  google: true,
  keystone: false,
  ldap: false,
  linkedin: true,
  microsoft: true,
  oauth: true,
  oidc: true,
  openshift: true,
  saml: true,
};

// What of a connector's config is for nobody else.
local confidential = ['bindPW', 'clientSecret', 'keystonePassword'];

local complain(what) = error 'components.dex.params.connectors: ' + what;

local isLetter(c) = std.member('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_', c);

// variable is the name in a text that is $NAME.
local variable(text) =
  if std.isString(text) && std.length(text) > 1 && text[0] == '$' && std.all([isLetter(c) for c in std.stringChars(text[1:])]) then [text[1:]] else [];

// variables are those in a connector, wherever they stand.
local variables(value) =
  if std.isObject(value) then std.flatMap(function(field) variables(value[field]), std.objectFields(value))
  else if std.isArray(value) then std.flatMap(variables, value)
  else variable(value);

// checked is a connector that Dex takes, with the URL to which its provider sends people back.
local checked(connector, issuer) =
  local lacking = if !std.isObject(connector) then ['type'] else [field for field in ['type', 'id', 'name'] if !std.isString(std.get(connector, field))];
  local config = std.get(connector, 'config', {});
  local clear = [field for field in confidential if std.objectHas(config, field) && variable(config[field]) == []];
  if lacking != [] then complain('a connector lacks ' + lacking[0])
  else if !std.objectHas(types, connector.type) then complain('type ' + connector.type + ' of ' + connector.id + ': want one of ' + std.join(', ', std.objectFields(types)))
  else if clear != [] then complain(clear[0] + ' of ' + connector.id + ' would stand in Git: write $NAME there, and NAME into the Secret ' + secret)
  else connector { [if config != {} || types[connector.type] then 'config']: (if types[connector.type] then { redirectURI: issuer + '/callback' } else {}) + config };

// Dex would make its kinds itself, and need the right to make any.
local kind(plural, singular, name) = kube.object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', plural + '.dex.coreos.com', rest={ spec: {
  group: 'dex.coreos.com',
  scope: 'Namespaced',
  names: { kind: name, listKind: name + 'List', plural: plural, singular: singular },
  versions: [{
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  }],
} });

local kinds = [
  kind('authcodes', 'authcode', 'AuthCode'),
  kind('authrequests', 'authrequest', 'AuthRequest'),
  kind('connectors', 'connector', 'Connector'),
  kind('devicerequests', 'devicerequest', 'DeviceRequest'),
  kind('devicetokens', 'devicetoken', 'DeviceToken'),
  kind('oauth2clients', 'oauth2client', 'OAuth2Client'),
  kind('offlinesessionses', 'offlinesessions', 'OfflineSessions'),
  kind('passwords', 'password', 'Password'),
  kind('refreshtokens', 'refreshtoken', 'RefreshToken'),
  kind('signingkeies', 'signingkey', 'SigningKey'),
];

local alarms(namespace) = [{ name: name, rules: [
  measure.alarm(
    'LoginFails',
    'critical',
    '10m',
    'sum(rate(http_requests_total{namespace="' + namespace + '", container="dex", code=~"5.."}[5m])) / sum(rate(http_requests_total{namespace="' + namespace + '", container="dex"}[5m])) > 0.05',
    'Dex fails at {{ $value | humanizePercentage }} of what it is asked: people cannot log in.'
  ),
  measure.alarm(
    'LoginGone',
    'critical',
    '10m',
    'absent(up{namespace="' + namespace + '", container="dex"} == 1)',
    'No Dex answers: nobody can log in.'
  ),
] }];

local manual = |||
  ## Login at HOST

  People log in at `ISSUER` by the identity provider of your organisation, which Dex asks. Tell it of Dex as of an application, with the URL `ISSUER/callback`, and
  say in `gitopsgen.yaml` how to ask it; [Dex](https://dexidp.io/docs/connectors/) knows LDAP, SAML, OIDC, GitHub, GitLab, Google, Microsoft and more:

  ```yaml
  components:
    dex:
      params:
        connectors:
          - type: oidc
            id: company
            name: Company
            config:
              issuer: https://id.example.org
              clientID: platform
              clientSecret: $COMPANY_SECRET
              scopes: [profile, email, groups]
              insecureEnableGroups: true
  ```

  What is secret is named there by `$NAME`, and stands in the Secret `dex-connectors` beside Dex:

  ```sh
  kubectl -n NAMESPACE create secret generic dex-connectors --from-literal=COMPANY_SECRET=...
  kubectl -n NAMESPACE rollout restart deployment dex
  ```

  Groups decide what somebody may do. `components.dex.params.admins` names those who may do everything, now ADMINS; `viewers` those who may look at everything but Secrets,
  now VIEWERS; teams have groups of their own. Whoever leaves a group keeps its rights for up to eight hours.
|||;

local listed(groups) = if groups == [] then 'nobody' else std.join(', ', ['`' + group + '`' for group in groups]);

component(
  {
    name: name,
    purpose: 'lets people log in by the identity provider of their organisation',
    capability: 'authentication',
    option: name,
    tried: { connectors: [{
      type: 'oidc',
      id: 'company',
      name: 'Company',
      config: { issuer: 'https://id.example.org', clientID: 'dex', clientSecret: '$COMPANY_SECRET' },
    }] },
    with: ['kubernetes-access'],
    params: {
      connectors: 'how identity providers are asked, as Dex writes it: `{type, id, name, config}`',
      admins: 'groups whose members may do everything',
      viewers: 'groups whose members may look',
    },
  },
  {
    namespace: 'dex',
    version: '0.24.0',
    replicas: tier(1, 2, 3),
    host: null,
    connectors: [],
    admins: ['platform-admins'],
    viewers: [],
  },
  function(p, platform)
    local host = ingress.host(platform, name, 'login', p.host);
    local issuer = 'https://' + host;
    // Nobody is to send a password in clear.
    local exposed = platform.ingress.exposes && ingress.overTLS(platform);
    local connectors = [checked(connector, issuer) for connector in p.connectors];
    local keys = std.set(variables(connectors));
    local text(template) = std.foldl(
      function(text, word) std.strReplace(text, word[0], word[1]),
      [['ISSUER', issuer], ['HOST', host], ['NAMESPACE', p.namespace], ['ADMINS', listed(p.admins)], ['VIEWERS', listed(p.viewers)]],
      template
    );
    {
      stage: why(stages.last, if keys == [] then 'Nobody can log in before pages are there, and nothing else waits for it.' else 'It waits for a Secret that somebody makes, and nothing else should.'),
      crds: true,
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['ghcr.io/dexidp/'],
      images: ['ghcr.io/dexidp/dex'],
      charts: [{
        repo: 'https://charts.dexidp.io',
        name: name,
        version: p.version,
        values: {
          replicaCount: p.replicas,
          [if p.replicas > 1 then 'podDisruptionBudget']: { enabled: true, maxUnavailable: 1 },
          [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread(labels),
          priorityClassName: why(kube.critical, kube.whyCritical),
          rbac: why({ createClusterScoped: false }, 'Its kinds are in kinds.yaml: it need not make any.'),
          config: why({
            issuer: issuer,
            storage: { type: 'kubernetes', config: { inCluster: true } },
            frontend: { issuer: platform.spec.name },
            logger: { format: 'json' },
            oauth2: { skipApprovalScreen: why(true, 'All clients are of the platform itself.') },
            expiry: {
              idTokens: why('8h', 'Rights are in the token: whoever loses them has them for so long.'),
              refreshTokens: { validIfNotUsedFor: '168h', absoluteLifetime: '720h' },
            },
            staticClients: why([
              { id: c.id, name: c.name, public: true, redirectURIs: c.redirectURIs }
              for c in platform.clients
            ], 'Public ones: each proves by PKCE that it began the login. What has no secret loses none.'),
            [if connectors == [] then 'enablePasswordDB']: why(true, 'Without any connector it would not start. There are no passwords, so nobody gets in by them.'),
            [if connectors != [] then 'connectors']: connectors,
          }, 'Nothing here is secret: what is stands in the Secret ' + secret + ', by variables.'),
          [if keys != [] then 'envVars']: [{ name: key, valueFrom: { secretKeyRef: { name: secret, key: key } } } for key in keys],
          resources: kube.resources('20m', '64Mi', '256Mi'),
          podSecurityContext: kube.user(1001),
          securityContext: kube.confined { readOnlyRootFilesystem: true },
          volumes: why([{ name: 'tmp', emptyDir: {} }], 'It writes the configuration there that it then reads.'),
          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        },
      }],
      objects: {
        'kinds.yaml': kinds,
        'network-policy.yaml': kube.reached(name, p.namespace, { matchLabels: labels }, ingress.proxies(platform) + platform.monitoring.peers),
      },
      extras: {
        [if exposed then 'page.yaml']: platform.ingress.expose({ name: name, namespace: p.namespace, host: host, service: name, port: 5556 }),
        'monitor.yaml': platform.monitoring.podMonitor(name, p.namespace, { matchLabels: labels }, [{ port: 'telemetry' }])
                        + platform.monitoring.rules(name, p.namespace, alarms(p.namespace)),
      },
      extrasStage: stages.last,
      hosts: if exposed then [host] else [],
      readme: { section: text(manual) },
      decisions: if !exposed then [{
        what: 'people cannot log in: there are no pages with certificates',
        do: 'choose capabilities.ingress and capabilities.certificates, or set capabilities.authentication to none',
      }] else if p.connectors == [] then [{
        what: 'nobody can log in: Dex knows no identity provider',
        do: 'set components.dex.params.connectors, as README.md says, or capabilities.authentication to what serves it',
      }] else [],
      secrets: if keys == [] then [] else [{ name: secret, namespace: p.namespace, keys: keys, purpose: 'asking the identity provider' }],
      waivers: waive(
        ['rbac/wildcard'],
        { kind: 'Role', namespace: p.namespace, name: name },
        'Its chart lets it do everything with its own kinds, in its own namespace.'
      ) + waive(
        ['secrets/plain-secret'],
        { kind: 'Secret', namespace: p.namespace, name: name },
        'Its chart writes the configuration into a Secret; what is secret of it stands in the Secret ' + secret + ', and here by variables.'
      ),
      provides:: {
        issuer: if exposed && connectors != [] then issuer else null,
        endpoints: { authorize: issuer + '/auth', token: issuer + '/token', userinfo: issuer + '/userinfo' },
        certified: true,
        admins: p.admins,
        viewers: p.viewers,
      },
    },
)
