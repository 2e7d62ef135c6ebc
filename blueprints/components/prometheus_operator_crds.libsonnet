// prometheus-operator-crds brings the kinds that say what is measured and what alarms, before anything that uses them.
local component = import '../lib/component.libsonnet';
local stages = import '../stages.libsonnet';

component(
  { name: 'prometheus-operator-crds', purpose: 'brings the kinds of the Prometheus operator' },
  { namespace: 'monitoring', version: '31.0.1' },
  function(p, platform) {
    stage: stages.measures,
    crds: true,
    syncOptions: ['ServerSideApply=true'],
    charts: [{
      repo: 'https://prometheus-community.github.io/helm-charts',
      name: 'prometheus-operator-crds',
      version: p.version,
      values: {},
    }],
  },
)
