// kube-prometheus-stack measures the cluster and what runs on it, and alarms.
//
// Grafana, which shows it, and the kinds, which others need early, are components of their own.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'kube-prometheus-stack';
local group = 'monitoring.coreos.com';

// kept is how much of a disk what is kept may fill: Prometheus stops where there is no more room.
local kept(storage) =
  if std.isString(storage) && std.endsWith(storage, 'Gi') then std.floor(std.parseInt(std.rstripChars(storage, 'Gi')) * 0.85) + 'GiB'
  else error name + ': storage is ' + storage + ': want whole Gi, such as 50Gi';

// Images that no pod of the chart names, by where in the values they stand.
local elsewhere = {
  prometheus: 'quay.io/prometheus/prometheus',
  alertmanager: 'quay.io/prometheus/alertmanager',
  reloader: 'quay.io/prometheus-operator/prometheus-config-reloader',
  thanos: 'quay.io/thanos/thanos',
};

// The Secret with what is secret of the receiver of alarms, and where Alertmanager finds a key of it.
local secret = 'alertmanager-receiver';
local file(key) = '/etc/alertmanager/secrets/' + secret + '/' + key;

// Who may hear alarms, by type: what must be told, the keys of the Secret, and the receiver as Alertmanager has it.
local receivers = {
  email: {
    fields: ['from', 'server', 'to', 'user'],
    keys: ['password'],
    config(r):: { email_configs: [{
      from: r.from,
      to: r.to,
      smarthost: r.server,
      auth_username: r.user,
      auth_password_file: file('password'),
      send_resolved: true,
    }] },
  },
  own: { fields: [], keys: [] },  // what values.alertmanager.config says
  slack: {
    fields: ['channel'],
    keys: ['url'],
    config(r):: { slack_configs: [{ api_url_file: file('url'), channel: r.channel, send_resolved: true }] },
  },
  webhook: {
    fields: [],
    keys: ['url'],
    config(r):: { webhook_configs: [{ url_file: file('url'), send_resolved: true }] },
  },
};

// receiverOf gives the type of a receiver, once all is told that it needs; null where there is none.
local receiverOf(receiver) =
  if receiver == null then null
  else
    local of = name + ': receiver: ';
    local type = std.get(receiver, 'type', '');
    local fields = std.set([field for field in std.objectFields(receiver) if field != 'type']);
    if !std.objectHas(receivers, type) then error of + 'type is ' + type + ': want one of ' + std.join(', ', std.objectFields(receivers))
    else if fields != receivers[type].fields then error of + type + ' has the fields ' + std.toString(fields) + ': want ' + std.toString(receivers[type].fields)
    else receivers[type];

// What kube-state-metrics reads: all that it knows, but for Secrets.
local collectors = [
  'certificatesigningrequests',
  'configmaps',
  'cronjobs',
  'daemonsets',
  'deployments',
  'endpointslices',
  'horizontalpodautoscalers',
  'ingresses',
  'jobs',
  'leases',
  'limitranges',
  'mutatingwebhookconfigurations',
  'namespaces',
  'networkpolicies',
  'nodes',
  'persistentvolumeclaims',
  'persistentvolumes',
  'poddisruptionbudgets',
  'pods',
  'replicasets',
  'replicationcontrollers',
  'resourcequotas',
  'services',
  'statefulsets',
  'storageclasses',
  'validatingwebhookconfigurations',
  'volumeattachments',
];

component(
  {
    name: name,
    purpose: 'measures the cluster and what runs on it, and alarms',
    capability: 'monitoring',
    option: name,
    with: ['grafana', 'prometheus-operator-crds'],
    params: {
      replicas: 'pods of Prometheus and of Alertmanager',
      retention: 'how long metrics are kept',
      storage: 'the disk of each Prometheus',
      receiver: { type: 'object', says: 'who hears alarms: `{type: webhook}`, `{type: slack, channel}`, `{type: email, from, to, server, user}`, or `{type: own}`' },
      clients: 'namespaces whose pods may ask Prometheus and Alertmanager, besides its own and that of the ingress',
      controlPlane: 'whether etcd, the scheduler and the controller manager answer others than their own machine',
    },
  },
  {
    namespace: 'monitoring',
    version: '88.5.3',
    replicas: tier(1, 1, 2),
    retention: tier('10d', '15d', '30d', single='5d'),
    storage: tier('7Gi', '50Gi', '200Gi', single='4Gi'),
    alerts:: tier('1Gi', '2Gi', '2Gi'),
    resources:: tier(kube.resources('200m', '1Gi', '2Gi'), kube.resources('500m', '2Gi', '4Gi'), kube.resources('1', '4Gi', '12Gi'), single=kube.resources('100m', '640Mi', '1536Mi')),
    local counting = kube.resources('20m', '128Mi', '512Mi'),
    counting:: tier(counting, counting, counting, single=kube.resources('20m', '64Mi', '256Mi')),
    receiver: null,
    clients: [],
    controlPlane: false,
  },
  function(p, platform)
    local stored = platform.storage.class != null;
    local nodeExporter = 'node-exporter';
    // Where an image has another name here, the values that say so; else none.
    local image(ref) =
      if platform.image(ref) == ref then {} else { image: platform.imageParts(ref) };
    // What the operator runs where an object names no image.
    local images =
      (if image(elsewhere.thanos) == {} then {} else { thanosImage: platform.imageParts(elsewhere.thanos) })
      + (if image(elsewhere.prometheus) == {} then {} else {
           prometheusDefaultBaseImageRegistry: platform.imageParts(elsewhere.prometheus).registry,
           prometheusDefaultBaseImage: platform.imageParts(elsewhere.prometheus).repository,
         })
      + (if image(elsewhere.alertmanager) == {} then {} else {
           alertmanagerDefaultBaseImageRegistry: platform.imageParts(elsewhere.alertmanager).registry,
           alertmanagerDefaultBaseImage: platform.imageParts(elsewhere.alertmanager).repository,
         });
    local budget = { [if p.replicas > 1 then 'podDisruptionBudget']: { enabled: true, minAvailable: null, maxUnavailable: 1 } };
    local claim(storage) = { volumeClaimTemplate: { spec: {
      [if stored then 'storageClassName']: platform.storage.class,
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: storage } },
    } } };
    local receiver = receiverOf(p.receiver);
    local heard(alertmanager) =
      if receiver != null then alertmanager
      else why(alertmanager, 'Alarms are kept and reach nobody: the parameter receiver names who is to hear them.');
    local told = receiver != null && receiver.keys != [];
    local all = {
      [kind + 'SelectorNilUsesHelmValues']: false
      for kind in ['podMonitor', 'probe', 'rule', 'scrapeConfig', 'serviceMonitor']
    };
    // A target of the control plane that does not answer would be an alarm on the first day.
    local controlPlane = { enabled: p.controlPlane };
    local certManager = platform.certificates.issuer != null;
    local object(kind, name, namespace, spec) = kube.object(group + '/v1', kind, name, namespace, { spec: spec });
    {
      stage: why(stages.last, 'Its disks may wait for somebody to give some, and nothing else should.'),
      namespaces: { [p.namespace]: 'restricted', [nodeExporter]: 'privileged' },
      registries: [
        'ghcr.io/jkroepke/',
        'quay.io/prometheus-operator/',
        'quay.io/prometheus/',
        'quay.io/thanos/',
        'registry.k8s.io/kube-state-metrics/',
      ],
      images: [
        'ghcr.io/jkroepke/kube-webhook-certgen',
        'quay.io/prometheus-operator/prometheus-operator',
        'quay.io/prometheus/node-exporter',
        'registry.k8s.io/kube-state-metrics/kube-state-metrics',
      ],
      charts: [{
        repo: 'https://prometheus-community.github.io/helm-charts',
        name: name,
        version: p.version,
        values: {
          crds: why({ enabled: false }, 'They come with prometheus-operator-crds, before everything that uses them.'),
          prometheusOperator: images {
            resources: kube.resources('50m', '128Mi', '512Mi'),
            kubeletEndpointsEnabled: false,
            kubeletEndpointSliceEnabled: why(true, 'Endpoints are deprecated, and end at 1000 machines.'),
            admissionWebhooks: {
              failurePolicy: why('Ignore', 'The rules come in the same step as the webhook that judges them. The operator judges them again.'),
              [if certManager then 'certManager']: { enabled: true },
              [if !certManager then 'patch']: { resources: kube.resources('10m', '32Mi', '128Mi') },
            },
            prometheusConfigReloader: { resources: kube.resources('10m', '32Mi', '128Mi') } + image(elsewhere.reloader),
          },
          prometheus: budget {
            prometheusSpec: all + image(elsewhere.prometheus) + {
              replicas: p.replicas,
              retention: p.retention,
              retentionSize: why(kept(p.storage), 'Less than the storage: a full disk stops Prometheus.'),
              storageSpec: why(
                claim(p.storage),
                if stored then 'A claim cannot be made smaller later.'
                else 'Nothing here serves storage: the cluster must have a class that it takes by default, or Prometheus waits for ever.'
              ),
              resources: p.resources,
              ruleNamespaceSelector: why({}, 'Alarms come from every namespace, as do measures.'),
              serviceDiscoveryRole: 'EndpointSlice',
            },
          },
          alertmanager: heard(budget {
            serviceAccount: { automountServiceAccountToken: false },
            [if told then 'config']: why({
              route: {
                receiver: 'platform',
                routes: why([
                  { receiver: 'null', matchers: ['alertname =~ "InfoInhibitor|Watchdog"'] },
                  { receiver: 'platform' },
                ], 'The last takes everything: an AlertmanagerConfig adds receivers, and takes no alarm from this one.'),
              },
              receivers: [{ name: 'null' }, { name: 'platform' } + receiver.config(p.receiver)],
            }, 'What is secret of the receiver is in the Secret ' + secret + '.'),
            alertmanagerSpec: image(elsewhere.alertmanager) + {
              alertmanagerConfigNamespaceSelector: {},
              alertmanagerConfigMatcherStrategy: why(
                { type: 'OnNamespaceExceptForAlertmanagerNamespace' },
                'An AlertmanagerConfig hears of its own namespace, and one in the namespace of Alertmanager of all.'
              ),
              [if told then 'secrets']: [secret],
              automountServiceAccountToken: false,
              replicas: p.replicas,
              storage: claim(p.alerts),
              resources: kube.resources('20m', '64Mi', '256Mi'),
            },
          }),
          grafana: why(
            { enabled: false, forceDeployDashboards: true, forceDeployDatasources: true },
            'It is a component of its own, so that nothing waits for the Secret that it needs. Dashboards come with this chart.'
          ),
          kubeControllerManager: why(controlPlane, 'Where Kubernetes is installed by kubeadm it answers its own machine alone. The parameter controlPlane is for others.'),
          kubeEtcd: why(controlPlane, 'See kubeControllerManager.'),
          kubeScheduler: why(controlPlane, 'See kubeControllerManager.'),
          kubeProxy: why({ enabled: false }, 'Where there is one, it answers its own machine alone.'),
          'kube-state-metrics': {
            collectors: why(collectors, 'All but Secrets: nothing asks for them, and it would have to be allowed to read them.'),
            resources: p.counting,
          },
          'prometheus-node-exporter': {
            namespaceOverride: why(nodeExporter, "It sees the machine's own network, processes and disks, which no other namespace here allows."),
            resources: kube.resources('20m', '32Mi', '128Mi'),
            securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
            containerSecurityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          },
        },
      }],
      waivers: waive(
        ['pods/host-network', 'pods/host-path', 'pods/host-pid', 'pods/sensitive-host-path'],
        { kind: 'DaemonSet', namespace: nodeExporter, name: name + '-prometheus-node-exporter' },
        'It measures the machine: its network, its processes and its disks, all of which it only reads.'
      ) + waive(
        ['rbac/create-pods', 'rbac/secrets', 'rbac/wildcard'],
        { kind: 'ClusterRole', name: name + '-operator' },
        'Its chart lets the operator do everything with its own kinds, and with what it makes of them.'
      ) + waive(
        ['network/open-policy'],
        { kind: 'NetworkPolicy', namespace: p.namespace, name: name + '-operator' },
        'The API server asks it by its webhook, and no policy can say where that stands.'
      ),
      data: [data.claims(platform, p.namespace, {
        what: 'the volumes of Prometheus and Alertmanager',
        loss: 'what was measured, and silences of alarms',
        history: true,
      })],
      decisions: if receiver != null then [] else [{
        what: 'nobody will hear alarms',
        do: 'set components.' + name + '.params.receiver to {type: webhook}, {type: slack, channel: ...} or {type: email, from: ..., to: ..., server: ..., user: ...}',
      }],
      secrets: if !told then [] else [
        { name: secret, namespace: p.namespace, keys: receiver.keys, purpose: 'the receiver of alarms, ' + p.receiver.type },
      ],
      objects: {
        // It makes what the objects say; only the API server asks it something, before it keeps them.
        'operator-policy.yaml': kube.asked(
          name + '-operator', p.namespace, { matchLabels: { app: name + '-operator' } }, 'https', platform.monitoring.peers
        ),
        // None of these asks anybody who they are.
        'network-policy.yaml': kube.reached(name, p.namespace, { matchExpressions: [{
          key: 'app.kubernetes.io/name',
          operator: 'In',
          values: ['alertmanager', 'kube-state-metrics', 'prometheus'],
        }] }, [{ podSelector: {} }] + ingress.proxies(platform) + kube.from(p.clients)),
        [if platform.audit.senders != [] then 'alarms-policy.yaml']: kube.reached(
          name + '-alarms', p.namespace, { matchLabels: { 'app.kubernetes.io/name': 'alertmanager' } }, kube.from(platform.audit.senders)
        ),
      },
      // Whoever reaches Alertmanager may silence alarms.
      guarded:: [
        { name: 'prometheus', namespace: p.namespace, service: name + '-prometheus', port: 9090, pods: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } }, 'for': 'viewers' },
        { name: 'alertmanager', namespace: p.namespace, service: name + '-alertmanager', port: 9093, pods: { matchLabels: { 'app.kubernetes.io/name': 'alertmanager' } }, 'for': 'admins' },
      ],
      provides:: {
        namespace: p.namespace,
        apiVersions: [group + '/v1'],
        measures: true,
        // alertmanagers are the pods themselves: behind one address each alarm would reach one of them.
        alertmanagers: [
          'http://alertmanager-' + name + '-alertmanager-' + i + '.alertmanager-operated.' + p.namespace + '.svc:9093'
          for i in std.range(0, p.replicas - 1)
        ],
        // monitor, podMonitor and rules are the objects by which Prometheus measures Services and pods, and alarms. The
        // selector and the endpoints or groups are as their kinds have them.
        monitor(name, namespace, selector, endpoints):: [
          object('ServiceMonitor', name, namespace, { selector: selector, endpoints: endpoints }),
        ],
        podMonitor(name, namespace, selector, endpoints):: [
          object('PodMonitor', name, namespace, { selector: selector, podMetricsEndpoints: endpoints }),
        ],
        rules(name, namespace, groups):: [object('PrometheusRule', name, namespace, { groups: groups })],
        // peers are the pods that measure, as the rules of a NetworkPolicy name them.
        peers: [from { podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } } } for from in kube.from([p.namespace])],
        // dashboard is a page of Grafana, as lib/measure.libsonnet makes panels.
        dashboard(name, title, panels):: [
          kube.object('v1', 'ConfigMap', 'grafana-dashboard-' + name, p.namespace, {
            metadata+: { labels: { grafana_dashboard: '1' } },
            data: { [name + '.json']: std.manifestJsonEx(measure.dashboard(name, title, panels), '  ') + '\n' },
          }),
        ],
        // datasource is what lets Grafana ask something else than Prometheus, as its provisioning writes it.
        datasource(name, source):: [
          kube.object('v1', 'ConfigMap', 'grafana-datasource-' + name, p.namespace, {
            metadata+: { labels: { grafana_datasource: '1' } },
            data: { [name + '.yaml']: std.manifestYamlDoc({ apiVersion: 1, datasources: [source] }, quote_keys=false) },
          }),
        ],
      },
    } + (if certManager then {} else { patches: kube.syncedHooks }),
)
