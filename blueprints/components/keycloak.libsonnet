// keycloak lets people log in: it keeps who they are, or asks the directories that there are already.
//
// Its clients have no secret. What is declared here it reads once, when it makes the realm; what changes later people change.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'keycloak';
local database = 'keycloak-db';
local admin = 'keycloak-admin';
local realmFile = 'keycloak-realm';
local labels = { 'app.kubernetes.io/name': 'keycloakx', 'app.kubernetes.io/instance': name };

local env(name, value) = { name: name, value: value };
local secretEnv(name, secret, key) = { name: name, valueFrom: { secretKeyRef: { name: secret, key: key } } };

// Groups of which somebody is a member, in every token. A scope of its own would take the place of those that Keycloak makes.
local groups = {
  name: 'groups',
  protocol: 'openid-connect',
  protocolMapper: 'oidc-group-membership-mapper',
  config: {
    'claim.name': 'groups',
    'full.path': 'false',
    'access.token.claim': 'true',
    'id.token.claim': 'true',
    'userinfo.token.claim': 'true',
  },
};

local realm(p, platform) = {
  realm: p.realm,
  displayName: platform.spec.name,
  enabled: true,
  sslRequired: 'external',
  registrationAllowed: false,
  bruteForceProtected: true,
  loginWithEmailAllowed: true,
  duplicateEmailsAllowed: false,
  // Rights are in the token: whoever loses them has them for so long.
  accessTokenLifespan: 28800,
  ssoSessionIdleTimeout: 28800,
  ssoSessionMaxLifespan: 36000,
  groups: [
    { name: group }
    for group in std.set(p.admins + p.viewers + std.flatMap(function(team) std.flattenArrays(std.objectValues(std.get(team, 'groups', {}))), platform.spec.teams))
  ],
  clients: [
    {
      clientId: c.id,
      name: c.name,
      publicClient: true,
      standardFlowEnabled: true,
      directAccessGrantsEnabled: false,
      redirectUris: c.redirectURIs,
      attributes: { 'pkce.code.challenge.method': 'S256' },
      protocolMappers: [groups],
    }
    for c in platform.clients
  ],
};

local alarms(namespace) = [{ name: name, rules: [
  measure.alarm(
    'LoginGone',
    'critical',
    '10m',
    'absent(up{namespace="' + namespace + '", container="keycloak"} == 1)',
    'No Keycloak answers: nobody can log in.'
  ),
  measure.alarm(
    'LoginDatabaseGone',
    'critical',
    '10m',
    'absent(cnpg_collector_up{namespace="' + namespace + '"} == 1)',
    'No database of Keycloak answers: nobody can log in.'
  ),
] }];

local manual = |||
  ## Login at HOST

  People log in at `ISSUER`. The first administrator of Keycloak is in a Secret that you make:

  ```sh
  kubectl -n NAMESPACE create secret generic keycloak-admin --from-literal=username=admin --from-literal=password="$(openssl rand -base64 24)"
  ```

  Log in with it at `https://HOST/admin`, make an administrator who is a person, and delete the first. In the realm `REALM` make users, or connect your directory; the groups
  are there. Each user needs an e-mail address that is verified. Whoever is in ADMINS may do everything, whoever is in VIEWERS may look at
  everything but Secrets. When somebody can log in, set `components.keycloak.params.open` to `true` in `gitopsgen.yaml`: then Argo CD, Grafana and the others use the login,
  and their own ways in close.

  Keycloak reads its clients once, when it makes the realm. Those that come later, or change, you add there: public, with PKCE (`S256`), and with a mapper of groups like the
  others have. BACKUP
|||;

local again = |||
  Put the last dump over what stands in the database:

  ```sh
  COMMANDS
  ```
|||;

local listed(groups) = if groups == [] then 'nobody' else std.join(', ', ['`' + group + '`' for group in groups]);

component(
  {
    name: name,
    purpose: 'lets people log in, and keeps who they are',
    capability: 'authentication',
    option: name,
    with: ['cloudnative-pg', 'kubernetes-access'],
    tried: { open: true },
    params: {
      realm: 'the realm that the platform logs in by',
      open: 'whether somebody can log in',
      admins: 'groups whose members may do everything',
      viewers: 'groups whose members may look',
      instances: 'servers of the database',
      storage: 'the disk of each server of the database',
      operator: 'where the operator of the database stands',
      postgres: 'the tag of the image of the database',
    },
  },
  {
    namespace: name,
    version: '7.1.11',
    replicas: tier(1, 2, 3),
    host: null,
    realm: 'platform',
    open: false,
    admins: ['platform-admins'],
    viewers: [],
    instances: tier(1, 2, 3),
    storage: tier('2Gi', '5Gi', '10Gi'),
    operator: 'cnpg-system',
    postgres: '18.4-system-trixie',
  },
  function(p, platform)
    local host = ingress.host(platform, name, 'login', p.host);
    local issuer = 'https://' + host + '/realms/' + p.realm;
    // Nobody is to send a password in clear.
    local exposed = platform.ingress.exposes && ingress.overTLS(platform);
    local bucket = platform.storage.bucket;
    local text(template) = std.foldl(
      function(text, word) std.strReplace(text, word[0], word[1]),
      [
        ['ISSUER', issuer],
        ['HOST', host],
        ['NAMESPACE', p.namespace],
        ['REALM', p.realm],
        ['ADMINS', listed(p.admins)],
        ['VIEWERS', listed(p.viewers)],
        [' BACKUP', if bucket != null then '' else '\nNothing here serves buckets: see to it that the database is kept elsewhere too.'],
      ],
      template
    );
    local dump = '/var/lib/postgresql/data/' + name + '.dump';
    // Its own copies, if any, are in the same cluster, and lost with it.
    local dumped = if std.member(platform.backup.except, p.namespace) then {} else platform.backup.before('postgres', 'pg_dump --format=custom --file=' + dump + ' ' + name);
    local cluster = kube.object('postgresql.cnpg.io/v1', 'Cluster', database, p.namespace, {
      metadata+: { annotations: kube.kept },
      spec: {
        instances: p.instances,
        imageName: platform.image('ghcr.io/cloudnative-pg/postgresql') + ':' + p.postgres,
        bootstrap: { initdb: { database: name, owner: name } },
        storage: { size: p.storage, [if platform.storage.class != null then 'storageClass']: platform.storage.class },
        resources: kube.resources('100m', '256Mi', '1Gi'),
        priorityClassName: kube.critical,
        [if dumped != {} then 'inheritedMetadata']: { annotations: why(dumped, 'What is copied while the database writes may be torn. The dump never is.') },
        [if bucket != null then 'backup']: {
          retentionPolicy: '14d',
          barmanObjectStore: {
            destinationPath: 's3://' + database + '/',
            endpointURL: 'http://' + platform.storage.endpoint,
            s3Credentials: {
              accessKeyId: { name: database + '-backup', key: 'AWS_ACCESS_KEY_ID' },
              secretAccessKey: { name: database + '-backup', key: 'AWS_SECRET_ACCESS_KEY' },
            },
            wal: { compression: 'gzip' },
          },
        },
      },
    });
    {
      stage: why(stages.last, 'It waits for a Secret that somebody makes, and nothing else should.'),
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['quay.io/keycloak/', 'ghcr.io/cloudnative-pg/'],
      images: ['quay.io/keycloak/keycloak'],
      charts: [{
        repo: 'https://codecentric.github.io/helm-charts',
        name: 'keycloakx',
        version: p.version,
        values: {
          fullnameOverride: name,
          replicas: p.replicas,
          [if p.replicas > 1 then 'podDisruptionBudget']: { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
          affinity: why('', 'The chart insists on different machines: on fewer a pod would wait for ever.'),
          [if p.replicas > 1 then 'topologySpreadConstraints']: std.manifestYamlDoc(kube.spread(labels), quote_keys=false),
          priorityClassName: why(kube.critical, kube.whyCritical),
          enableServiceLinks: false,
          serviceAccount: { automountServiceAccountToken: why(false, 'It never asks the API server: its pods find each other by the database.') },
          command: ['/opt/keycloak/bin/kc.sh'],
          args: ['start', '--import-realm'],
          http: { relativePath: '/' },
          proxy: { mode: why('xforwarded', 'TLS ends at the ingress.') },
          database: {
            vendor: 'postgres',
            hostname: database + '-rw',
            port: 5432,
            database: name,
            username: name,
            existingSecret: why(database + '-app', 'The operator of the database makes it.'),
          },
          extraEnv: std.manifestYamlDoc([
            env('KC_HOSTNAME', 'https://' + host),
            env('KC_LOG_CONSOLE_OUTPUT', 'json'),
            secretEnv('KC_BOOTSTRAP_ADMIN_USERNAME', admin, 'username'),
            secretEnv('KC_BOOTSTRAP_ADMIN_PASSWORD', admin, 'password'),
          ], quote_keys=false),
          extraVolumes: std.manifestYamlDoc([{ name: 'realm', configMap: { name: realmFile } }], quote_keys=false),
          extraVolumeMounts: std.manifestYamlDoc([{ name: 'realm', mountPath: '/opt/keycloak/data/import', readOnly: true }], quote_keys=false),
          podSecurityContext: { seccompProfile: { type: 'RuntimeDefault' } },
          securityContext: kube.confined,
          resources: kube.resources('250m', '1Gi', '2Gi'),
        },
      }],
      objects: {
        'database.yaml': [cluster] + if bucket == null then [] else [
          kube.object('objectbucket.io/v1alpha1', 'ObjectBucketClaim', database + '-backup', p.namespace, {
            metadata+: { annotations: kube.kept },
            spec: { bucketName: database, storageClassName: bucket },
          }),
          kube.object('postgresql.cnpg.io/v1', 'ScheduledBackup', database, p.namespace, { spec: {
            cluster: { name: database },
            schedule: '0 0 2 * * *',
            backupOwnerReference: 'self',
          } }),
        ],
        'realm.yaml': kube.object('v1', 'ConfigMap', realmFile, p.namespace, {
          data: { [p.realm + '-realm.json']: std.manifestJsonEx(realm(p, platform), '  ') + '\n' },
        }),
        'network-policy.yaml': [
          kube.reached(name, p.namespace, { matchLabels: labels }, [{ podSelector: { matchLabels: labels } }] + ingress.proxies(platform) + platform.monitoring.peers),
          kube.reached(
            database, p.namespace, { matchLabels: { 'cnpg.io/cluster': database } }, [{ podSelector: {} }] + kube.from([p.operator]) + platform.monitoring.peers
          ),
        ],
      },
      extras: {
        [if exposed then 'page.yaml']: platform.ingress.expose({ name: name, namespace: p.namespace, host: host, service: name + '-http', port: 80 }),
        'monitor.yaml': platform.monitoring.podMonitor(name, p.namespace, { matchLabels: labels }, [{ port: 'http-internal' }])
                        + platform.monitoring.podMonitor(database, p.namespace, { matchLabels: { 'cnpg.io/cluster': database } }, [{ port: 'metrics' }])
                        + platform.monitoring.rules(name, p.namespace, alarms(p.namespace)),
      },
      extrasStage: stages.last,
      hosts: if exposed then [host] else [],
      readme: { section: text(manual) },
      decisions: if !exposed then [{
        what: 'people cannot log in: there are no pages with certificates',
        do: 'choose capabilities.ingress and capabilities.certificates, or set capabilities.authentication to none',
      }] else if p.open then [] else [{
        what: 'nobody can log in: Keycloak knows nobody',
        do: 'make users or connect a directory, as README.md says, and set components.keycloak.params.open to true',
      }],
      data: [data.claims(platform, p.namespace, {
        local here = 'kubectl -n ' + p.namespace + ' ',
        local exec = here + 'exec -i "$PRIMARY" -c postgres -- ',
        local primary = 'PRIMARY=$(' + here + 'get clusters.postgresql.cnpg.io ' + database + " -o jsonpath='{.status.currentPrimary}')",
        local scale(n) = here + 'scale statefulset ' + name + ' --replicas ' + n,
        local load = exec + 'pg_restore --clean --if-exists --no-owner --role=' + name + ' --dbname=' + name,
        // Whoever brings volumes back has stopped Argo CD by then.
        local argo(command) = if dumped != {} || command == null then [] else [command + (if platform.hub then '' else '  # on the cluster ' + platform.spec.clusters[0].name)],
        what: 'the database of Keycloak',
        where: 'Cluster ' + p.namespace + '/' + database,
        loss: 'users, and what was changed in the realm by hand',
        [if platform.backup.by == null then 'keep']: super.keep + ': ' + here + 'exec ' + database + '-1 -c postgres -- pg_dump --format=custom ' + name + ' > ' + name + '.dump',
        restore: std.strReplace(again, 'COMMANDS', std.join('\n', argo(platform.gitops.pause) + [
          scale(0),
          primary,
          load + (if dumped == {} then ' < ' + name + '.dump' else ' ' + dump),
          scale(p.replicas),
        ] + argo(platform.gitops.resume))),
      })],
      secrets: [{ name: admin, namespace: p.namespace, keys: ['username', 'password'], purpose: 'the first administrator of Keycloak' }],
      provides:: {
        issuer: if exposed && p.open then issuer else null,
        endpoints: { [of]: issuer + '/protocol/openid-connect/' + { authorize: 'auth', token: 'token', userinfo: 'userinfo' }[of] for of in ['authorize', 'token', 'userinfo'] },
        scopes: ['openid', 'profile', 'email'],
        certified: true,
        admins: p.admins,
        viewers: p.viewers,
      },
    },
)
