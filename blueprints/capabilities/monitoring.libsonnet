// monitoring: insight for operations.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';

capability({
  name: 'monitoring',
  purpose: 'insight for operations',
  takes: 'mandatory kube-prometheus-stack',
  facts: {
    namespace: fact('where what measures stands'),
    apiVersions: fact('the API versions of its kinds', []),
    measures: fact('whether Services and pods are measured', false),
    alertmanagers: fact('the URLs of those who pass alarms on, each of which must hear of all', []),
    peers: fact('the pods that measure, as the rules of a NetworkPolicy name them', []),
    monitor: fact('`(name, namespace, selector, endpoints)`: the objects by which Services are measured', function(name, namespace, selector, endpoints) []),
    podMonitor: fact('`(name, namespace, selector, endpoints)`: the objects by which pods are measured', function(name, namespace, selector, endpoints) []),
    rules: fact('`(name, namespace, groups)`: the objects that alarm', function(name, namespace, groups) []),
    dashboard: fact('`(name, title, panels)`: the objects of a page of Grafana, with panels of lib/measure.libsonnet', function(name, title, panels) []),
    datasource: fact('`(name, source)`: the objects by which Grafana asks something else, as its provisioning writes it', function(name, source) []),
  },
})
