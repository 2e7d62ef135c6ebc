// openfaas runs small functions, each as a container that anybody may ask by HTTP through its gateway.
//
// It is the Community Edition, whose licence (OpenFaaS CE EULA) lets nobody use it for business without a licence that is paid for;
// its source calls that so, and so do `decisions`. What calls functions without waiting stands on NATS Streaming, which ended in
// 2023, and is left out. So are a Prometheus and an Alertmanager of its own: what measures the platform measures functions.
local component = import '../lib/component.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'openfaas';
local gateway = { app: 'gateway' };
local secret = 'basic-auth';  // as the chart calls it

local alarms = [{ name: name, rules: [
  measure.alarm(
    'FunctionsFail',
    'warning',
    '15m',
    'sum by (function_name) (rate(gateway_function_invocation_total{code=~"5.."}[5m])) / sum by (function_name) (rate(gateway_function_invocation_total[5m])) > 0.05',
    'The function {{ $labels.function_name }} fails in {{ $value | humanizePercentage }} of its calls.'
  ),
  measure.alarm('FunctionsGatewayLost', 'critical', '15m', 'absent(up{namespace="NAMESPACE", container="gateway"} == 1)', 'No function can be called: the gateway of OpenFaaS is lost, or not measured.'),
] }];

local panels = [
  measure.line('Calls a second', 'reqps', { '{{function_name}}: {{code}}': 'sum by (function_name, code) (rate(gateway_function_invocation_total[5m]))' }),
  measure.line('Slower are 5 of 100', 's', {
    '{{function_name}}': 'histogram_quantile(0.95, sum by (le, function_name) (rate(gateway_functions_seconds_bucket[5m])))',
  }),
];

component(
  {
    name: name,
    purpose: 'runs small functions, behind one gateway (licence: OpenFaaS CE EULA, not for business)',
    capability: 'serverless',
    option: name,
    params: {
      functions: 'the namespace of functions',
      replicas: 'pods of the gateway',
      clients: 'namespaces whose pods may call functions, besides that of functions themselves',
      eula: 'whether somebody has read the licence, and holds that it may be used here',
    },
  },
  {
    namespace: name,
    version: '15.0.6',
    functions: 'openfaas-fn',
    host: null,
    replicas: tier(1, 2, 2),
    clients: [],
    eula: false,
    quota:: tier(
      { 'requests.cpu': '2', 'requests.memory': '4Gi', 'limits.memory': '8Gi', pods: '30' },
      { 'requests.cpu': '8', 'requests.memory': '16Gi', 'limits.memory': '32Gi', pods: '100' },
      { 'requests.cpu': '16', 'requests.memory': '32Gi', 'limits.memory': '64Gi', pods: '200' }
    ),
  },
  function(p, platform)
    local host = ingress.host(platform, name, 'functions', p.host);
    // Nobody is to send a password in clear.
    local exposed = platform.ingress.exposes && ingress.overTLS(platform);
    local light = { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '256Mi' } };
    local small = kube.resources('20m', '32Mi', '128Mi');
    {
      stage: why(stages.last, 'It waits for a Secret that somebody makes, and nothing else should.'),
      extrasStage: stages.last,
      crds: true,
      namespaces: { [p.namespace]: 'restricted', [p.functions]: 'baseline' },
      registries: ['ghcr.io/openfaas/'],
      images: ['ghcr.io/openfaas/faas-netes', 'ghcr.io/openfaas/gateway'],
      charts: [{
        repo: 'https://openfaas.github.io/faas-netes/',
        name: name,
        version: p.version,
        values: {
          functionNamespace: p.functions,
          generateBasicAuth: why(false, 'The chart would make a new password at every render: the Secret ' + secret + ' is made by somebody.'),
          exposeServices: why(false, 'It would stand open on a port of every machine.'),
          async: why(false, 'It would take NATS Streaming, which ended in 2023.'),
          prometheus: why({ create: false }, 'What measures the platform measures functions. More of one come by a HorizontalPodAutoscaler.'),
          alertmanager: { create: false },
          securityContext: kube.user(10001) + kube.confined + { readOnlyRootFilesystem: true },
          functions: {
            setNonRootUser: true,
            imagePullPolicy: 'IfNotPresent',
          },
          gateway: {
            replicas: p.replicas,
            resources: light,
            livenessProbe: { failureThreshold: why(6, 'Half a minute: sooner than that it is not asked any more, and may come back by itself.') },
          },
          faasnetes: { resources: light },
        },
      }],
      patches: [{
        target: { kind: 'Deployment', name: 'gateway' },
        patch: kube.object('apps/v1', 'Deployment', 'gateway', rest={ spec: { template: { spec: {
          automountServiceAccountToken: true,
          containers: [{ name: 'faas-netes', readinessProbe: { httpGet: { path: '/healthz', port: 8081 }, periodSeconds: 5, failureThreshold: 2 } }],
          [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread(gateway),
        } } } }),
      }],
      objects: {
        [if p.replicas > 1 then 'disruption-budget.yaml']: kube.object('policy/v1', 'PodDisruptionBudget', 'gateway', p.namespace, { spec: {
          maxUnavailable: 1,
          unhealthyPodEvictionPolicy: 'AlwaysAllow',
          selector: { matchLabels: gateway },
        } }),
        'functions.yaml': [
          kube.object('v1', 'ResourceQuota', 'functions', p.functions, { spec: { hard: p.quota } }),
          kube.object('v1', 'LimitRange', 'functions', p.functions, { spec: { limits: [{ type: 'Container', default: small.limits, defaultRequest: small.requests }] } }),
        ],
        'network-policy.yaml': [
          // The password is for who deploys: functions may be called by whoever reaches the gateway.
          kube.reached('gateway', p.namespace, { matchLabels: gateway }, ingress.proxies(platform) + kube.from(std.set([p.functions] + p.clients)) + platform.monitoring.peers),
          // Functions are called through the gateway alone.
          kube.reached('functions', p.functions, {}, kube.from([p.namespace])),
        ],
      },
      extras: {
        [if exposed then 'page.yaml']: platform.ingress.expose({ name: 'gateway', namespace: p.namespace, host: host, service: 'gateway', port: 8080 }),
        local own = [group { rules: [rule { expr: std.strReplace(rule.expr, 'NAMESPACE', p.namespace) } for rule in group.rules] } for group in alarms],
        'monitor.yaml':
          platform.monitoring.podMonitor('gateway', p.namespace, { matchLabels: gateway }, [{ port: 'gw-metrics' }])
          + platform.monitoring.rules(name, p.namespace, own)
          + platform.monitoring.dashboard(name, 'OpenFaaS', panels),
      },
      hosts: if exposed then [host] else [],
      decisions: if p.eula then [] else [{
        what: 'OpenFaaS CE may not be used for business without a licence that is paid for',
        do: 'read https://github.com/openfaas/faas/blob/master/EULA.md, then set components.openfaas.params.eula to true',
      }],
      secrets: [{
        name: secret,
        namespace: p.namespace,
        keys: ['basic-auth-password', 'basic-auth-user'],
        purpose: 'who deploys functions with faas-cli: a name and a long random password',
      }],
      waivers: waive(
        ['rbac/secrets'],
        { kind: 'Role', namespace: p.functions, name: 'openfaas-controller' },
        'What functions keep secret stands in Secrets of their namespace, which faas-cli makes by it. It reads no others.'
      ),
    },
)
