// Written by `make golden` from the files of components/.
{
  argo_cd: import 'components/argo_cd.libsonnet',
  ceph_csi_drivers: import 'components/ceph_csi_drivers.libsonnet',
  cert_manager: import 'components/cert_manager.libsonnet',
  cilium: import 'components/cilium.libsonnet',
  cilium_load_balancer: import 'components/cilium_load_balancer.libsonnet',
  contour: import 'components/contour.libsonnet',
  envoy_gateway: import 'components/envoy_gateway.libsonnet',
  envoy_gateway_crds: import 'components/envoy_gateway_crds.libsonnet',
  gatekeeper: import 'components/gatekeeper.libsonnet',
  longhorn: import 'components/longhorn.libsonnet',
  metrics_server: import 'components/metrics_server.libsonnet',
  pod_security: import 'components/pod_security.libsonnet',
  rook_ceph: import 'components/rook_ceph.libsonnet',
  rook_ceph_cluster: import 'components/rook_ceph_cluster.libsonnet',
  teams: import 'components/teams.libsonnet',
  traefik: import 'components/traefik.libsonnet',
}
