// grafana shows what is measured and logged.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local login = import '../lib/login.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'grafana';
local secret = 'grafana-admin';

// What may write nowhere else has a place for what it needs only now.
local scratch = [{ name: 'tmp', mountPath: '/tmp' }];

local sidecar(kind) = {
  enabled: true,
  label: 'grafana_' + kind,
  labelValue: '1',
  resource: 'configmap',
  extraMounts: scratch,
};

// role is the JMESPath that gives those who log in a role by their groups, and nobody else any.
local role(authentication) =
  local one(groups, role) = ["contains(groups[*], '" + std.strReplace(group, "'", "\\'") + "') && '" + role + "'" for group in groups];
  std.join(' || ', one(authentication.admins, 'GrafanaAdmin') + one(authentication.viewers, 'Viewer'));

component(
  { name: name, purpose: 'shows what is measured and logged' },
  { namespace: 'monitoring', version: '12.11.1', host: null, disk:: tier('1Gi', '5Gi', '5Gi') },
  function(p, platform)
    local namespace =
      if std.member([null, p.namespace], platform.monitoring.namespace) then p.namespace
      else error 'grafana: set its parameter namespace to ' + platform.monitoring.namespace + ', as what measures has it: it reads sources and dashboards there';
    local host = ingress.host(platform, name, name, p.host);
    // Nobody is to send a password in clear.
    local exposed = platform.ingress.exposes && ingress.overTLS(platform);
    local opened = exposed && login.serves(platform) && platform.authentication.endpoints != null;
    local authority = if opened then login.authority(platform, name, namespace) else [];
    local stored = platform.storage.class != null;
    {
      stage: why(stages.last, 'It waits for a Secret that somebody makes, and nothing else should.'),
      namespace: namespace,
      registries: ['docker.io/grafana/', 'quay.io/kiwigrid/'],
      images: ['docker.io/grafana/grafana', 'quay.io/kiwigrid/k8s-sidecar'],
      charts: [{
        repo: 'https://grafana-community.github.io/helm-charts',
        name: name,
        version: p.version,
        values: {
          admin: why({ existingSecret: secret }, 'The chart would make another password at every render.'),
          testFramework: { enabled: false },
          deploymentStrategy: why({ type: 'Recreate' }, 'The disk goes from the old pod to the new one.'),
          persistence:
            if stored then why({
              enabled: true,
              storageClassName: platform.storage.class,
              size: p.disk,
              annotations: kube.kept,
            }, 'What people make by hand is kept on it, also when Grafana goes; dashboards of the platform come from Git.')
            else why({ enabled: false }, 'Nothing here serves storage: what people make by hand is lost when the pod goes. Dashboards in Git are not.'),
          initChownData: why({ enabled: false }, 'It would run as root. The disk belongs to the group of the pod anyway.'),
          containerSecurityContext: { readOnlyRootFilesystem: true },
          extraEmptyDirMounts: scratch,
          [if authority != [] then 'extraSecretMounts']: [{
            name: 'login-authority',
            secretName: login.secret(name),
            mountPath: '/etc/login',
            readOnly: true,
            items: [{ key: 'ca.crt', path: 'ca.crt' }],
          }],
          rbac: why({ namespaced: true }, 'It reads the dashboards and sources of its own namespace, and nothing else of the cluster.'),
          resources: kube.resources('50m', '256Mi', '512Mi'),
          sidecar: {
            dashboards: sidecar('dashboard'),
            datasources: sidecar('datasource'),
            resources: kube.resources('10m', '96Mi', '256Mi'),
            securityContext: { readOnlyRootFilesystem: true },
          },
          'grafana.ini': {
            analytics: { check_for_updates: false, check_for_plugin_updates: false, reporting_enabled: false },
            news: { news_feed_enabled: false },
            plugins: why({ preinstall_disabled: true }, 'It would fetch plugins from the internet at every start.'),
            [if opened then 'auth']: {
              disable_login_form: why(true, 'People log in by the platform. The Secret ' + secret + ' is for what runs beside Grafana, and for whoever asks its API past a broken login.'),
            },
            [if opened then 'auth.generic_oauth']: {
              enabled: true,
              name: platform.spec.name,
              client_id: name,
              auth_style: why('InParams', 'The client has no secret that a header could bear.'),
              use_pkce: true,
              scopes: std.join(' ', platform.authentication.scopes),
              auth_url: platform.authentication.endpoints.authorize,
              token_url: platform.authentication.endpoints.token,
              api_url: platform.authentication.endpoints.userinfo,
              allow_assign_grafana_admin: true,
              role_attribute_path: role(platform.authentication),
              role_attribute_strict: why(true, 'Whoever is in none of these groups is nobody here: a Viewer sees the logs of all.'),
              [if authority != [] then 'tls_client_ca']: '/etc/login/ca.crt',
            },
            [if exposed then 'security']: { cookie_secure: true },
            [if exposed then 'server']: { root_url: 'https://' + host },
          },
        },
      }],
      // The chart would have it read Secrets too.
      patches: [{
        target: { kind: 'Role', name: name },
        patch: [{ op: 'replace', path: '/rules/0/resources', value: ['configmaps'] }],
      }],
      extras: {
        [if exposed then 'page.yaml']: platform.ingress.expose({ name: name, namespace: namespace, host: host, service: name, port: 80 }),
        'monitor.yaml': platform.monitoring.monitor(
          name, namespace, { matchLabels: { 'app.kubernetes.io/name': name } }, [{ port: 'service' }]
        ),
      },
      hosts: if exposed then [host] else [],
      clients:: if !exposed then [] else login.clients([
        { id: name, name: 'Grafana', redirectURIs: ['https://' + host + '/login/generic_oauth'] },
      ]),
      objects: {
        'login.yaml': authority,
        'network-policy.yaml': kube.reached(
          name, namespace, { matchLabels: { 'app.kubernetes.io/name': name } }, ingress.proxies(platform) + platform.monitoring.peers
        ),
      },
      extrasStage: stages.last,
      waivers: std.flatMap(
        function(of) waive(
          ['reliability/liveness-probe'],
          { kind: 'Deployment', namespace: namespace, name: name, container: 'grafana-sc-' + of },
          'The chart has one value for the probes of both sidecars, which answer on different ports.'
        ),
        ['dashboard', 'datasources']
      ),
      data: if !stored then [] else [data.claims(platform, namespace, {
        what: 'the volume of Grafana',
        where: 'PersistentVolumeClaim ' + namespace + '/' + name,
        loss: 'dashboards and users that people made by hand',
      })],
      secrets: [
        { name: secret, namespace: namespace, keys: ['admin-user', 'admin-password'], purpose: 'the first user of Grafana' },
      ],
    },
)
