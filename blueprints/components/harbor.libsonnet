// harbor keeps images, looks for known vulnerabilities in them, and fetches those of others on behalf of everybody.
//
// What it keeps stands on one disk, so there is one of each part. What runs in the cluster, from wherever, its companion looks at.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'harbor';

// What somebody makes: secrets that parts share, the password of the database, and what signs tokens.
local shared = 'harbor-secrets';
local database = 'harbor-database';  // as the chart calls it
local token = 'harbor-token';

local alarms = [{ name: name, rules: [
  measure.alarm('HarborPartLost', 'critical', '10m', 'harbor_up == 0', '{{ $labels.component }} of Harbor does not work.'),
  measure.alarm('HarborUnknown', 'critical', '15m', 'absent(harbor_up)', 'Nobody knows how Harbor is: it is not measured.'),
] }];

local secrets = |||
  ## Harbor

  Its Secrets, before the bootstrap; keep copies of them with the backups:

  ```sh
  random() { openssl rand -hex "$1"; }
  registry=$(random 16)
  kubectl -n NAMESPACE create secret generic harbor-secrets --from-literal=HARBOR_ADMIN_PASSWORD="$(random 16)" \
    --from-literal=secretKey="$(random 8)" --from-literal=secret="$(random 8)" --from-literal=CSRF_KEY="$(random 16)" \
    --from-literal=JOBSERVICE_SECRET="$(random 8)" --from-literal=REGISTRY_HTTP_SECRET="$(random 8)" \
    --from-literal=REGISTRY_PASSWD="$registry" --from-literal=REGISTRY_HTPASSWD="$(htpasswd -nbBC10 harbor_registry_user "$registry")"
  password=$(random 16)
  kubectl -n NAMESPACE create secret generic harbor-database --from-literal=POSTGRES_PASSWORD="$password" --from-literal=password="$password"
  openssl req -x509 -newkey rsa:4096 -nodes -days 3650 -subj /CN=harbor-token -keyout token.key -out token.crt
  kubectl -n NAMESPACE create secret tls harbor-token --key token.key --cert token.crt
  ```

  The first user is `admin`, with `HARBOR_ADMIN_PASSWORD`.
|||;

local again = |||
  Put the last dump over what stands in the database, which may be torn:

  ```sh
  COMMANDS
  ```
|||;

component(
  {
    name: name,
    purpose: 'keeps images, and looks for known vulnerabilities in them',
    capability: 'image-scanning',
    option: name,
    with: ['trivy-operator'],
    params: {
      storage: 'the disk for images',
      severity: 'which severities of flaws count',
    },
  },
  {
    namespace: 'harbor',
    version: '1.19.1',
    host: null,
    storage: tier('20Gi', '100Gi', '500Gi'),
    severity: 'HIGH,CRITICAL',
    core:: tier(kube.resources('100m', '256Mi', '512Mi'), kube.resources('100m', '256Mi', '1Gi'), kube.resources('250m', '512Mi', '2Gi')),
    database:: tier(kube.resources('100m', '256Mi', '1Gi'), kube.resources('100m', '512Mi', '2Gi'), kube.resources('250m', '1Gi', '4Gi')),
  },
  function(p, platform)
    local host = ingress.host(platform, name, name, p.host);
    // Nobody is to send a password in clear.
    local exposed = platform.ingress.exposes && ingress.overTLS(platform);
    local labels = { app: name, release: name };
    local class = { [if platform.storage.class != null then 'storageClass']: platform.storage.class };
    local light = { resources: kube.resources('20m', '64Mi', '256Mi') };
    local dump = '/var/lib/postgresql/data/registry.dump';
    local dumped =
      if std.member(platform.backup.except, p.namespace) then {}
      else platform.backup.before('database', 'pg_dump --username=postgres --format=custom --file=' + dump + ' registry');
    local db(of) = [platform.image('mirror.gcr.io/aquasec/' + of)];
    {
      stage: why(stages.last, 'It waits for Secrets and disks that somebody makes, and nothing else should.'),
      extrasStage: stages.last,
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['docker.io/goharbor/'],
      images: ['docker.io/goharbor/' + image for image in [
        'harbor-core',
        'harbor-db',
        'harbor-exporter',
        'harbor-jobservice',
        'harbor-portal',
        'harbor-registryctl',
        'nginx-photon',
        'redis-photon',
        'registry-photon',
        'trivy-adapter-photon',
      ]],
      charts: [{
        repo: 'https://helm.goharbor.io',
        name: name,
        version: p.version,
        values: {
          expose: why({ type: 'clusterIP', tls: { enabled: false } }, 'TLS ends at the ingress.'),
          externalURL: if exposed then 'https://' + host else 'http://' + name + '.' + p.namespace + '.svc',
          existingSecretAdminPassword: why(shared, 'The chart would make what is secret anew at every render, or take what everybody knows.'),
          existingSecretSecretKey: shared,
          updateStrategy: why({ type: 'Recreate' }, 'The disk goes from the old pod to the new one.'),
          persistence: { persistentVolumeClaim: {
            registry: class { size: p.storage, annotations: kube.kept },
            database: class { size: '10Gi' },
            redis: class,
            trivy: class,
          } },
          metrics: { enabled: true },
          nginx: light,
          portal: light,
          core: {
            existingSecret: shared,
            existingXsrfSecret: shared,
            secretName: token,
            resources: p.core,
          },
          jobservice: {
            existingSecret: shared,
            jobLoggers: why(['database'], 'Logs of jobs in files would need a disk of their own.'),
            resources: kube.resources('50m', '128Mi', '1Gi'),
          },
          registry: {
            existingSecret: shared,
            credentials: { existingSecret: shared },
            registry: { resources: kube.resources('100m', '128Mi', '1Gi') },
            controller: light,
          },
          trivy: {
            severity: p.severity,
            ignoreUnfixed: true,
            dbRepository: db('trivy-db'),
            javaDBRepository: db('trivy-java-db'),
            resources: kube.resources('100m', '256Mi', '2Gi') { limits+: { cpu: null } },
          },
          database: {
            external: why({ existingSecret: database }, 'Also of the database that comes along.'),
            [if dumped != {} then 'podAnnotations']: why(dumped, 'What is copied while the database writes may be torn. The dump never is.'),
            internal: {
              resources: p.database,
              initContainer: { permissions: light },
            },
          },
          redis: { internal: light },
          exporter: light,
        },
      }],
      // Somebody makes it: the chart would write the password down.
      patches: [{
        target: { kind: 'Secret', name: database },
        patch: { '$patch': 'delete', apiVersion: 'v1', kind: 'Secret', metadata: { name: database } },
      }],
      objects: {
        // Its database and its cache are for itself; from outside all goes through nginx.
        'network-policy.yaml': [
          kube.reached(name, p.namespace, {}, [{ podSelector: {} }] + platform.monitoring.peers),
          kube.reached(name + '-page', p.namespace, { matchLabels: { app: name, component: 'nginx' } }, ingress.proxies(platform)),
        ],
      },
      waivers: std.flatMap(
        function(part) waive(
          ['references/headless-service'],
          { kind: 'StatefulSet', namespace: p.namespace, name: name + '-' + part },
          'There is one pod of it, and nobody asks it by its name.'
        ),
        ['database', 'redis', 'trivy']
      ) + waive(
        ['secrets/plain-secret'],
        { kind: 'Secret', namespace: p.namespace, name: name + '-trivy' },
        'It holds the address of the cache, which takes no password and is reached from this namespace alone.'
      ),
      extras: {
        [if exposed then 'page.yaml']: platform.ingress.expose({ name: name, namespace: p.namespace, host: host, service: name, port: 80 }),
        'monitor.yaml':
          platform.monitoring.monitor(name, p.namespace, { matchLabels: labels }, [{ port: 'http-metrics' }])
          + platform.monitoring.rules(name, p.namespace, alarms),
      },
      hosts: if exposed then [host] else [],
      data: [data.claims(platform, p.namespace, {
        what: 'the images of Harbor, and its database',
        local here = 'kubectl -n ' + p.namespace + ' ',
        local exec = here + 'exec ' + name + '-database-0 -c database -- ',
        local scale(n) = here + 'scale deployment ' + std.join(' ', [name + '-' + part for part in ['core', 'jobservice', 'exporter']]) + ' --replicas ' + n,
        loss: 'images that are nowhere else, projects and their members',
        [if platform.backup.by == null then 'keep']: super.keep + ': ' + exec + 'pg_dump --username=postgres --format=custom registry > registry.dump, and the images',
        [if dumped != {} then 'restore']: std.strReplace(again, 'COMMANDS', std.join('\n', [
          scale(0),
          exec + 'pg_restore --username=postgres --clean --if-exists --dbname=registry ' + dump,
          scale(1),
        ])),
      })],
      readme: { section: std.strReplace(secrets, 'NAMESPACE', p.namespace) },
      secrets: [
        {
          name: shared,
          namespace: p.namespace,
          keys: ['CSRF_KEY', 'HARBOR_ADMIN_PASSWORD', 'JOBSERVICE_SECRET', 'REGISTRY_HTPASSWD', 'REGISTRY_HTTP_SECRET', 'REGISTRY_PASSWD', 'secret', 'secretKey'],
          purpose: 'the first user of Harbor and what its parts know each other by: README.md has the commands',
        },
        { name: database, namespace: p.namespace, keys: ['POSTGRES_PASSWORD', 'password'], purpose: "Harbor's database, the same password twice" },
        { name: token, namespace: p.namespace, keys: ['tls.crt', 'tls.key'], purpose: 'the signing of tokens of Harbor, an RSA key and a certificate of it' },
      ],
    },
)
