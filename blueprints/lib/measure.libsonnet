// measure makes alarms and dashboards of what is measured. It knows no component.
{
  // alarm is a rule of Prometheus: it alarms once expr held for so long. Of one thing severity critical wakes somebody,
  // warning can wait for the morning.
  alarm(name, severity, after, expr, summary):: {
    alert: name,
    expr: expr,
    'for': after,
    labels: { severity: severity },
    annotations: { summary: summary },
  },

  // line shows values over time, now the last of them: queries are legends with their expressions.
  line(title, unit, queries):: $.panel('timeseries', title, unit, queries),
  now(title, unit, queries):: $.panel('stat', title, unit, queries),

  // panel is a panel of Grafana.
  panel(type, title, unit, queries):: {
    type: type,
    title: title,
    datasource: { type: 'prometheus', uid: 'prometheus' },
    fieldConfig: { defaults: { unit: unit, min: 0 }, overrides: [] },
    targets: [
      { refId: std.char(65 + i), expr: queries[legend], legendFormat: legend }
      for i in std.range(0, std.length(queries) - 1)
      for legend in [std.objectFields(queries)[i]]
    ],
  },

  // dashboard is a page of Grafana with these panels, two beside each other.
  dashboard(name, title, panels):: {
    uid: name,
    title: title,
    schemaVersion: 39,
    editable: false,
    refresh: '1m',
    time: { from: 'now-24h', to: 'now' },
    panels: std.mapWithIndex(function(i, panel) panel {
      id: i + 1,
      gridPos: { x: 12 * (i % 2), y: 8 * std.floor(i / 2), w: 12, h: 8 },
    }, panels),
  },
}
