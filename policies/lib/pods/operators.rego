package lib.pods

# prometheus-operator 0.85.0, makeStatefulSetSpec of pkg/prometheus/server, pkg/alertmanager and pkg/thanos. Whole
# containers are merged with its own by their names.
rows["monitoring.coreos.com/Alertmanager"] := [
	_monitoring("alertmanager", {"resources": {"requests": {"memory": "200Mi"}}}),
	{"at": "spec", "overlay": true},
]

rows["monitoring.coreos.com/Prometheus"] := [
	_monitoring("prometheus", {}),
	{
		"at": "spec.thanos",
		"name": "thanos-sidecar",
		"container": {"image": "image", "resources": "resources"},
	},
	{"at": "spec", "overlay": true},
]

rows["monitoring.coreos.com/PrometheusAgent"] := [_monitoring("prometheus", {}), {"at": "spec", "overlay": true}]

rows["monitoring.coreos.com/ThanosRuler"] := [
	_monitoring("thanos-ruler", {"resources": {"requests": {"memory": "200Mi"}}}),
	{"at": "spec", "overlay": true},
]

# Envoy Gateway 1.9.1, expectedEnvoySecurityContext and DefaultResourceRequirements.
rows["gateway.envoyproxy.io/EnvoyProxy"] := array.concat(
	[{
		"at": at,
		"name": "envoy",
		"pod": {"priorityClassName": "pod.priorityClassName", "securityContext": "pod.securityContext", "volumes": "pod.volumes"},
		"container": {field: sprintf("container.%s", [field]) | some field in ["env", "image", "resources", "securityContext", "volumeMounts"]},
		"sets": {"container": {
			"resources": {"requests": {"cpu": "100m", "memory": "512Mi"}},
			"securityContext": {
				"allowPrivilegeEscalation": false,
				"capabilities": {"drop": ["ALL"]},
				"privileged": false,
				"runAsGroup": 65532,
				"runAsNonRoot": true,
				"runAsUser": 65532,
				"seccompProfile": {"type": "RuntimeDefault"},
			},
		}},
	} |
		some at in ["spec.provider.kubernetes.envoyDaemonSet", "spec.provider.kubernetes.envoyDeployment"]
	],
	[{"at": "spec.provider.kubernetes.envoyDeployment", "overlay": true}],
)

# Tigera's operator 1.43.0: its own pods, in which few fields may be set.
rows["operator.tigera.io/APIServer"] := _overlays(["spec.apiServerDeployment.spec.template.spec", "spec.calicoWebhooksDeployment.spec.template.spec"])

rows["operator.tigera.io/GatewayAPI"] := _overlays([
	"spec.gatewayCertgenJob.spec.template.spec",
	"spec.gatewayClasses.*.gatewayDaemonSet.spec.template.spec",
	"spec.gatewayClasses.*.gatewayDeployment.spec.template.spec",
	"spec.gatewayControllerDeployment.spec.template.spec",
])

rows["operator.tigera.io/Goldmane"] := _overlays(["spec.goldmaneDeployment.spec.template.spec"])

rows["operator.tigera.io/Installation"] := array.concat(
	_overlays([
		"spec.calicoKubeControllersDeployment.spec.template.spec",
		"spec.calicoNodeDaemonSet.spec.template.spec",
		"spec.calicoNodeWindowsDaemonSet.spec.template.spec",
		"spec.calicoWindowsUpgradeDaemonSet.spec.template.spec",
		"spec.csiNodeDriverDaemonSet.spec.template.spec",
		"spec.typhaDeployment.spec.template.spec",
	]),
	[{"at": "spec.componentResources.*", "overlay": true, "container": {"resources": "resourceRequirements"}}],
)

rows["operator.tigera.io/Whisker"] := _overlays(["spec.whiskerDeployment.spec.template.spec"])

# logging-operator of April 2025, the structure of its CustomResourceDefinitions. It sets resources by itself.
rows["logging.banzaicloud.io/FluentbitAgent"] := [_logging("spec", "fluent-bit")]

rows["logging.banzaicloud.io/FluentdConfig"] := [_logging("spec", "fluentd")]

rows["logging.banzaicloud.io/Logging"] := [
	_logging("spec.fluentbit", "fluent-bit"),
	_logging("spec.fluentd", "fluentd"),
	{"at": "spec.syslogNG.statefulSet.spec.template.spec", "overlay": true},
]

rows["logging.banzaicloud.io/SyslogNGConfig"] := _overlays(["spec.statefulSet.spec.template.spec"])

rows["logging-extensions.banzaicloud.io/EventTailer"] := [
	{
		"at": "spec.workloadOverrides",
		"overlay": true,
	},
	{"at": "spec", "overlay": true, "containers": ["containerOverrides"]},
]

rows["logging-extensions.banzaicloud.io/HostTailer"] := [
	{"at": "spec.workloadOverrides", "overlay": true},
	{"at": "spec.fileTailers.*", "overlay": true, "containers": ["containerOverrides"]},
	{"at": "spec.systemdTailers.*", "overlay": true, "containers": ["containerOverrides"]},
]

# OpenTelemetry operator's API 0.153.0, OpenTelemetryCommonFields.
rows["opentelemetry.io/OpenTelemetryCollector"] := [{
	"at": "spec",
	"name": "otc-container",
	"overlay": true,
	"pod": object.union(
		{"securityContext": "podSecurityContext"},
		{field: field | some field in ["hostAliases", "hostNetwork", "hostPID", "priorityClassName", "volumes"]},
	),
	"container": {field: field |
		some field in ["env", "envFrom", "image", "imagePullPolicy", "ports", "resources", "securityContext", "volumeMounts"]
	},
	"containers": ["additionalContainers", "initContainers"],
}]

# Jaeger operator 1.65.0, JaegerCommonSpec: what a part does not set, the whole may.
rows["jaegertracing.io/Jaeger"] := array.concat(
	[_jaeger("spec", "jaeger", [])],
	[_jaeger(at, name, ["image"]) |
		some at, name in {
			"spec.agent": "jaeger-agent",
			"spec.allInOne": "jaeger",
			"spec.collector": "jaeger-collector",
			"spec.ingester": "jaeger-ingester",
			"spec.query": "jaeger-query",
		}
	],
)

# bank-vaults' vault-operator, VaultSpec in vault_types.go: it sets resources and security contexts by itself.
rows["vault.banzaicloud.com/Vault"] := [
	{
		"at": "spec",
		"name": "vault",
		"overlay": true,
		"pod": {"securityContext": "securityContext", "volumes": "volumes"},
		"container": {"image": "image", "resources": "resources.vault", "volumeMounts": "volumeMounts"},
		"containers": ["vaultContainerSpec", "vaultContainers", "vaultInitContainers"],
	},
	{
		"at": "spec",
		"name": "bank-vaults",
		"overlay": true,
		"container": {"image": "bankVaultsImage", "resources": "resources.bankVaults"},
	},
	{"at": "spec.vaultPodSpec", "overlay": true},
	{"at": "spec.vaultConfigurerPodSpec", "overlay": true},
]

# Tailscale's operator 1.102.5, tsrecorder_specs.go and applyProxyClassToStatefulSet.
rows["tailscale.com/ProxyClass"] := [{
	"at": "spec.statefulSet.pod",
	"overlay": true,
	"containers": ["tailscaleContainer", "tailscaleInitContainer"],
}]

rows["tailscale.com/Recorder"] := [{
	"at": "spec.statefulSet.pod",
	"name": "recorder",
	"pod": {"securityContext": "securityContext"},
	"container": {field: sprintf("container.%s", [field]) |
		some field in ["env", "image", "imagePullPolicy", "resources", "securityContext"]
	},
}]

# Falco operator 0.4.1, FalcoSpec and ComponentSpec.
rows["instance.falcosecurity.dev/Component"] := _overlays(["spec.podTemplateSpec.spec"])

rows["instance.falcosecurity.dev/Falco"] := _overlays(["spec.podTemplateSpec.spec"])

# Contour 1.33.8, ContourDeploymentSpec.
rows["projectcontour.io/ContourDeployment"] := [
	{"at": "spec.contour", "name": "contour", "overlay": true, "container": {"resources": "resources"}},
	{
		"at": "spec.envoy",
		"name": "envoy",
		"overlay": true,
		"pod": {"volumes": "extraVolumes"},
		"container": {"resources": "resources", "volumeMounts": "extraVolumeMounts"},
	},
]

# Cluster API operator 0.28.0, DeploymentSpec: laid over the provider's own manifests.
rows["operator.cluster.x-k8s.io/AddonProvider"] := _providers

rows["operator.cluster.x-k8s.io/BootstrapProvider"] := _providers

rows["operator.cluster.x-k8s.io/ControlPlaneProvider"] := _providers

rows["operator.cluster.x-k8s.io/CoreProvider"] := _providers

rows["operator.cluster.x-k8s.io/IPAMProvider"] := _providers

rows["operator.cluster.x-k8s.io/InfrastructureProvider"] := _providers

rows["operator.cluster.x-k8s.io/RuntimeExtensionProvider"] := _providers

_monitoring(name, sets) := {
	"at": "spec",
	"name": name,
	"pod": {field: field | some field in ["hostAliases", "priorityClassName", "securityContext", "topologySpreadConstraints"]},
	"container": {field: field | some field in ["image", "imagePullPolicy", "resources"]},
	"sets": {"container": sets},
}

_logging(at, name) := {
	"at": at,
	"name": name,
	"overlay": true,
	"pod": {"priorityClassName": "podPriorityClassName", "securityContext": "security.podSecurityContext"},
	"container": {"image": "image", "resources": "resources", "securityContext": "security.securityContext"},
}

_providers := _overlays(["spec.additionalDeployments.*.deployment", "spec.deployment"])

_jaeger(at, name, further) := {
	"at": at,
	"name": name,
	"overlay": true,
	"pod": {"securityContext": "securityContext", "volumes": "volumes"},
	"container": object.union(
		{"securityContext": "containerSecurityContext"},
		{field: field | some field in array.concat(["imagePullPolicy", "resources", "volumeMounts"], further)},
	),
}
