// Written by `make golden` from the files of components/.
{
  argo_cd: import 'components/argo_cd.libsonnet',
  cert_manager: import 'components/cert_manager.libsonnet',
  metrics_server: import 'components/metrics_server.libsonnet',
  teams: import 'components/teams.libsonnet',
}
