// argo-cd deploys this repository, itself included.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local login = import '../lib/login.libsonnet';
local repository = import '../lib/repository.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

// How Argo CD tells that objects of a kind work, where it does not know or its own answer would stop the platform, by
// <group>_<kind>. It runs them without Lua's string library, and has os by require alone.
local health = {
  'apiextensions.k8s.io_CustomResourceDefinition': |||
    -- A CRD is not broken before it is established: that would fail the sync that brings it.
    for _, c in ipairs((obj.status or {}).conditions or {}) do
      if c.type == "Established" and c.status == "True" then return { status = "Healthy" } end
    end
    return { status = "Progressing", message = "not established yet" }
  |||,
  'argoproj.io_Application': why(|||
    -- Order for the bootstrap, no wall for life.
    -- Passed: Synced, Healthy, and no operation but a finished one (one without objects never has any); or half an hour old.
    -- Never Degraded: one Degraded child, be it for a second, fails the sync of its parent.
    local os = require("os")
    local s = obj.status or {}
    local own = s.health and s.health.status or "Unknown"
    local synced = s.sync and s.sync.status == "Synced"
    local done = not s.operationState or s.operationState.phase == "Succeeded"
    local old = obj.metadata.creationTimestamp < os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() - 1800)
    local message = "it is " .. own
    if s.health and s.health.message then message = message .. ": " .. s.health.message end
    if (synced and done and own == "Healthy") or old then
      return { status = "Healthy", message = message }
    end
    return { status = "Progressing", message = message }
  |||, 'Sync waves wait for an Application only where its health is known.'),
  'isindir.github.com_SopsSecret': why(|||
    -- Its operator says in one line what became of it.
    local message = (obj.status or {}).message
    if not message or message == "" then return { status = "Progressing", message = "not decrypted yet" } end
    if message == "Healthy" then return { status = "Healthy" } end
    if message == "Reconciliation is suspended" then return { status = "Suspended", message = message } end
    return { status = "Degraded", message = message }
  |||, 'Else nobody sees that a secret could not be decrypted.'),
};

// Redis holds what can be made again. It throws out what was used least before it meets its limit.
local cache = kube.resources('100m', '128Mi', '512Mi');
local cacheSize = '384mb';
local whyCacheSize = 'It throws out what was used least before it meets its memory limit.';

// Three Redis servers with their sentinels, and proxies that lead to the one in charge.
local redisHA(name) = {
  enabled: true,
  hardAntiAffinity: why(false, 'On fewer than three machines the third pod would wait for ever, and all later sync waves for it.'),
  priorityClassName: kube.critical,
  podDisruptionBudget: { maxUnavailable: 1 },
  redis: { config: why({ maxmemory: cacheSize }, whyCacheSize), resources: cache },
  sentinel: { resources: kube.resources('20m', '32Mi', '128Mi') },
  splitBrainDetection: { resources: kube.resources('10m', '16Mi', '64Mi') },
  init: { resources: kube.resources('10m', '16Mi', '64Mi') },
  networkPolicy: { enabled: true },
  haproxy: {
    hardAntiAffinity: false,
    priorityClassName: kube.critical,
    podDisruptionBudget: { maxUnavailable: 1 },
    resources: kube.resources('50m', '64Mi', '256Mi'),
    init: { resources: kube.resources('10m', '16Mi', '64Mi') },
    serviceAccount: { automountToken: false },
    metrics: why({ enabled: false }, 'Nothing may reach them past the network policy below.'),
    networkPolicy: {
      enabled: true,
      ingressRules: [{
        selectors: [
          { podSelector: { matchLabels: { 'app.kubernetes.io/name': name + '-' + client } } }
          for client in ['application-controller', 'repo-server', 'server']
        ],
      }],
      egressRules: why([{
        selectors: [{ ipBlock: { cidr: '169.254.0.0/16' } }],
        ports: [{ port: 53, protocol: 'UDP' }, { port: 53, protocol: 'TCP' }],
      }], 'Where nodes cache DNS, names are asked at a link-local address.'),
    },
  },
};

// A quarter of an hour is longer than what starts may take.
local alarms = [{ name: 'argocd', rules: [
  {
    alert: 'ApplicationNotHealthy',
    expr: 'argocd_app_info{health_status!="Healthy"} == 1',
    'for': '15m',
    labels: { severity: 'warning' },
    annotations: { summary: 'The Application {{ $labels.name }} is {{ $labels.health_status }}.' },
  },
  {
    alert: 'ApplicationNotSynced',
    expr: 'argocd_app_info{sync_status!="Synced"} == 1',
    'for': '15m',
    labels: { severity: 'warning' },
    annotations: { summary: 'The Application {{ $labels.name }} is {{ $labels.sync_status }}.' },
  },
] }];

// The hosts whose SSH keys the chart brings.
local known = ['bitbucket.org', 'github.com', 'gitlab.com', 'ssh.dev.azure.com', 'ssh.github.com', 'vs-ssh.visualstudio.com'];

local knownHosts = |||
  ## Repositories by SSH

  Argo CD talks to hosts whose keys it knows. Before the bootstrap, compare what this prints with what the keepers of the hosts say:

  ```sh
  COMMANDS
  ```

  Then put the lines into `gitopsgen.yaml`, as `components.argo-cd.values.configs.ssh.extraHosts`, and run `gitopsgen scaffold`. Argo CD would take back what is
  written into its ConfigMap by hand.
|||;

local client = 'argo-cd';

// Where `argocd login --sso` waits for people to come back.
local cli = 'http://localhost:8085/auth/callback';

local password = |||
  The first password of `admin` is in the Secret `argocd-initial-admin-secret`:

  ```sh
  kubectl -n NAMESPACE get secret argocd-initial-admin-secret -o jsonpath='{.data.password}' | base64 -d
  ```
|||;

local past = |||
  People log in to Argo CD by the login of the platform. Until that works, and whenever it does not, this opens Argo CD with the rights of your kubeconfig:

  ```sh
  argocd admin dashboard -n NAMESPACE
  ```
|||;

// policy gives groups what they may do with all Applications; teams have roles in their projects.
local policy(authentication) = std.join('', [
  'g, ' + login.quoted(group) + ', role:admin\n'
  for group in authentication.admins
] + [
  'g, ' + login.quoted(group) + ', role:readonly\n'
  for group in authentication.viewers
]);

// reader are the values of the repo server by which a plugin reads what Argo CD itself cannot: a container beside it, which is
// handed a folder and gives objects. Without its keys it starts all the same, and says what it lacks when it is asked.
local reader(plugin) = {
  local test(failures) = {
    exec: { command: ['test', '-S', '/home/argocd/cmp-server/plugins/' + plugin.name + '.sock'] },
    failureThreshold: failures,
  },
  extraContainers: [{
    name: plugin.name,
    image: if plugin.image != null then plugin.image else '{{ .Values.global.image.repository }}:{{ default .Chart.AppVersion .Values.global.image.tag }}',
    command: ['/var/run/argocd/argocd-cmp-server'],
    env: [{ name: 'ARGOCD_CMP_WORKDIR', value: '/work' }],
    livenessProbe: test(6),
    readinessProbe: test(3),
    resources: kube.resources('10m', '64Mi', '256Mi'),
    securityContext: kube.confined { readOnlyRootFilesystem: true, runAsNonRoot: true, runAsUser: 999, seccompProfile: { type: 'RuntimeDefault' } },
    volumeMounts: [
      { name: 'var-files', mountPath: '/var/run/argocd' },
      { name: 'plugins', mountPath: '/home/argocd/cmp-server/plugins' },
      { name: 'plugin', mountPath: '/home/argocd/cmp-server/config/plugin.yaml', subPath: plugin.name + '.yaml' },
      { name: 'plugin-keys', mountPath: '/keys', readOnly: true },
      { name: 'plugin-tmp', mountPath: '/tmp' },
      { name: 'plugin-work', mountPath: '/work' },
    ],
  }],
  volumes: [
    { name: 'plugin', configMap: { name: 'argocd-cmp-cm' } },
    { name: 'plugin-keys', secret: { secretName: plugin.keys, optional: true } },
    { name: 'plugin-tmp', emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } },
    { name: 'plugin-work', emptyDir: {} },
  ],
};

component(
  {
    name: 'argo-cd',
    purpose: 'deploys what this repository says, itself included',
    capability: 'gitops',
    option: 'argo-cd',
    hub: true,
    params: {
      shards: 'application controllers, among which the clusters are divided',
    },
  },
  {
    namespace: 'argocd',
    version: '10.1.1',
    replicas: tier(1, 2, 3),
    shards: 1,
    host: null,
    highlyAvailable:: tier(false, false, true),
    controller:: tier(kube.resources('100m', '256Mi', '1Gi'), kube.resources('250m', '512Mi', '2Gi'), kube.resources('500m', '1Gi', '4Gi')),
    // A render takes 125 MiB for 2 MB of CRDs, so 300 MiB for the largest charts there are: the renderer's limit has room for
    // as many at once as renders says.
    renderer:: tier(kube.resources('100m', '256Mi', '1Gi'), kube.resources('250m', '512Mi', '1Gi'), kube.resources('500m', '512Mi', '2Gi')),
    renders:: tier(2, 2, 5),
  },
  function(p, platform)
    local name = 'argocd';
    local host = ingress.host(platform, 'argo-cd', name, p.host);
    local urls = [platform.spec.repository.url] + [team.apps.repoURL for team in platform.spec.teams if std.objectHas(team, 'apps')];
    local strangers = std.set([host for host in [repository.sshHost(url) for url in urls] if host != null && !std.member(known, host)]);
    // Nobody is to send a password in clear.
    local exposed = platform.ingress.exposes && platform.certificates.served;
    local opened = exposed && login.serves(platform);
    // Argo CD reads Secrets that it is told of by this label.
    local authority = if opened then login.authority(platform, name, p.namespace, { 'app.kubernetes.io/part-of': 'argocd' }) else [];
    local several(n) = { replicas: n, [if n > 1 then 'pdb']: { enabled: true, maxUnavailable: 1 } };
    local plugin = platform.secrets.plugin;
    local probed = { livenessProbe: { enabled: true }, readinessProbe: { enabled: true } };
    {
      stage: stages.gitops,
      protect: true,
      crds: true,
      syncOptions: ['ServerSideApply=true'],
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['quay.io/argoproj/', 'ecr-public.aws.com/docker/library/'],
      images: ['quay.io/argoproj/argocd', 'ecr-public.aws.com/docker/library/haproxy', 'ecr-public.aws.com/docker/library/redis'],
      charts: [{
        repo: 'https://argoproj.github.io/argo-helm',
        name: 'argo-cd',
        version: p.version,
        releaseName: name,
        values: {
          global: {
            domain: host,
            priorityClassName: why(kube.critical, kube.whyCritical),
            networkPolicy: {
              defaultDenyIngress: why(true, 'Only what the policies of this chart name may reach these pods; the server may be reached from anywhere.'),
            },
          },
          crds: { keep: why(true, 'Deleting the CRDs would delete every Application, and with it all that they brought.') },
          configs: {
            cm: {
              'admin.enabled':
                if opened then why(false, 'People log in by the platform, each under a name of their own. README.md has the way past a broken login.')
                else why(true, 'The only way in until people log in by the platform.'),
              [if opened then 'oidc.config']: std.manifestYamlDoc({
                name: platform.spec.name,
                issuer: platform.authentication.issuer,
                clientID: client,
                enablePKCEAuthentication: true,
                requestedScopes: platform.authentication.scopes,
                [if authority != [] then 'rootCA']: '$' + login.secret(name) + ':ca.crt',
              }, quote_keys=false) + '\n',
              'application.resourceTrackingMethod': why('annotation', 'Written down because another method would lose track of everything that runs.'),
              'kustomize.buildOptions': why('--enable-helm', 'Components are Helm charts inside of kustomizations.'),
            } + { ['resource.customizations.health.' + kind]: health[kind] for kind in std.objectFields(health) },
            [if opened then 'rbac']: why({ 'policy.csv': policy(platform.authentication) }, 'Whoever is in none of these groups sees what the projects of their team give them, and nothing else.'),
            [if plugin != null then 'cmp']: why({
              create: true,
              plugins: { [plugin.name]: { discover: { fileName: plugin.files }, generate: { command: ['sh', '-c', plugin.script] } } },
            }, 'Argo CD itself reads nothing that is encrypted.'),
            params: {
              'reposerver.parallelism.limit': why(p.renders, 'Each render takes up to 300 MiB: keep the product below the memory limit of repoServer.'),
              [if plugin != null then 'reposerver.plugin.tar.exclusions']: why('.git/*', 'It gets the files of a repository for each Application, and has no use for their history.'),
              [if exposed then 'server.insecure']: why(true, 'TLS ends at the ingress. To go on from there with TLS, each option would have to be told in its own way whom to trust.'),
            },
          },
          controller: {
            replicas: why(p.shards, 'Clusters are divided among the replicas, they do not stand in for each other: more only help with more clusters.'),
            resources: p.controller,
          },
          server: several(p.replicas) { resources: kube.resources('50m', '128Mi', '512Mi') },
          repoServer: several(p.replicas) + (if plugin != null then reader(plugin) else {}) {
            automountServiceAccountToken: why(false, 'It renders what others wrote and never asks the API server.'),
            serviceAccount: { automountServiceAccountToken: false },
            resources: p.renderer,
            copyutil: { resources: kube.resources('10m', '32Mi', '128Mi') },
          },
          applicationSet: several(std.min(p.replicas, 2)) + probed {
            replicas: why(super.replicas, 'One works, a second waits for its turn; a third would wait for ever.'),
            resources: kube.resources('50m', '128Mi', '512Mi'),
          },
          [if p.highlyAvailable then 'redis-ha' else 'redis']: if p.highlyAvailable then redisHA(name) else probed {
            automountServiceAccountToken: false,
            extraArgs: why(['--maxmemory', cacheSize, '--maxmemory-policy', 'volatile-lru'], whyCacheSize),
            resources: cache,
          },
          redisSecretInit: { resources: kube.resources('10m', '64Mi', '256Mi') },
          dex: why({ enabled: false }, 'What serves authentication is asked itself.'),
          notifications: why({ enabled: false }, 'Nobody to notify is known yet.'),
        },
      }],
      extras: {
        [if exposed then 'page.yaml']: platform.ingress.expose({ name: name, namespace: p.namespace, host: host, service: name + '-server', port: 80 }),
        'login.yaml': authority,
        'monitor.yaml': platform.monitoring.podMonitor(
          name, p.namespace, { matchExpressions: [{
            key: 'app.kubernetes.io/name',
            operator: 'In',
            values: [name + '-' + part for part in ['application-controller', 'repo-server', 'server']],
          }] }, [{ port: 'metrics' }]
        ) + platform.monitoring.rules(name, p.namespace, alarms),
      },
      clients:: if !exposed then [] else login.clients([{
        id: client,
        name: 'Argo CD',
        redirectURIs: ['https://' + host + '/auth/callback', cli],
      }]),
      hosts: if exposed then [host] else [],
      data: [data.of({
        what: 'the credentials of repositories',
        where: 'Secrets in the namespace ' + p.namespace,
        namespace: p.namespace,
        when: 'secrets',
        loss: 'nothing: whoever has the repositories makes new ones',
        backup: 'whoever made them',
        restore: 'Argo CD gets them during the bootstrap, as README.md says there.\n',
      })],
      readme: {
        started: std.strReplace(if opened then past else password, 'NAMESPACE', p.namespace),
        section: if strangers == [] then '' else std.strReplace(knownHosts, 'COMMANDS', std.join('\n', ['ssh-keyscan ' + host for host in strangers])),
      },
      waivers: waive(
        ['reliability/liveness-probe'],
        { kind: 'StatefulSet', namespace: p.namespace, name: name + '-application-controller' },
        'The chart has no value for it: what it has to say it says by its readiness.'
      ) + std.flatMap(
        function(part) waive(
          [
            'rbac/admission-webhooks',
            'rbac/create-pods',
            'rbac/delete-events',
            'rbac/exec',
            'rbac/node-access',
            'rbac/secrets',
            'rbac/wildcard',
          ] + (if part == 'server' then [] else ['rbac/escalate']),
          { kind: 'ClusterRole', name: name + '-' + part },
          'It applies whatever a repository holds; the projects say which that may be.'
        ),
        ['application-controller', 'server']
      ) + waive(
        ['network/open-policy'],
        { kind: 'NetworkPolicy', namespace: p.namespace, name: name + '-server' },
        'It is for everybody who may log in, and asks who they are.'
      ),
      extrasStage: why(stages.last, 'Its certificate may wait for somebody to point the domain here, and nothing else should.'),
      provides:: {
        local scale = 'kubectl -n ' + p.namespace + ' scale statefulset ' + name + '-application-controller --replicas ',
        namespace: p.namespace,
        host: host,
        pause: scale + 0,
        resume: scale + p.shards,
      },
    },
)
