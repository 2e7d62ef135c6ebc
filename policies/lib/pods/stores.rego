package lib.pods

# Rook 1.20.6, the specs of its daemons: without resources of its own, a container has none. Clusters that run
# elsewhere have no daemons here.
rows["ceph.rook.io/CephCluster"] := array.concat(
	[{
		"at": "spec",
		"name": daemon,
		"unless": "spec.external.enable",
		"container": {"resources": sprintf("resources.%s", [daemon])},
	} |
		some daemon in ["mgr", "mon", "osd"]
	],
	[
		{"at": "spec.resources.*", "container": {"resources": ""}},
		{
			"at": "spec",
			"name": "ceph",
			"overlay": true,
			"pod": {"hostNetwork": "network.hostNetwork"},
			"container": {"image": "cephVersion.image", "imagePullPolicy": "cephVersion.imagePullPolicy"},
		},
		{"at": "spec.storage.storageClassDeviceSets.*", "overlay": true, "container": {"resources": "resources"}},
		{"at": "spec.storage.nodes.*", "overlay": true, "container": {"resources": "resources"}},
		{"at": "spec.mgr", "name": "mgr", "overlay": true, "pod": {"hostNetwork": "hostNetwork"}, "container": {}},
		{
			"at": "spec.monitoring.exporter",
			"name": "exporter",
			"overlay": true,
			"pod": {"hostNetwork": "hostNetwork"},
			"container": {},
		},
	],
)

rows["ceph.rook.io/CephCOSIDriver"] := [{"at": "spec", "name": "cosi-driver", "container": {"image": "image", "resources": "resources"}}]

rows["ceph.rook.io/CephFilesystem"] := [_ceph("spec.metadataServer", "mds")]

rows["ceph.rook.io/CephFilesystemMirror"] := [_ceph("spec", "fs-mirror")]

rows["ceph.rook.io/CephNFS"] := [object.union(
	_ceph("spec.server", "nfs-ganesha"),
	{"pod": {"hostNetwork": "hostNetwork"}, "container": {"image": "image", "imagePullPolicy": "imagePullPolicy"}},
)]

rows["ceph.rook.io/CephNVMeOFGateway"] := [object.union(
	_ceph("spec", "nvmeof-gateway"),
	{"pod": {"hostNetwork": "hostNetwork"}, "container": {"image": "image"}},
)]

rows["ceph.rook.io/CephObjectStore"] := [object.union(
	_ceph("spec.gateway", "rgw"),
	{"pod": {"hostNetwork": "hostNetwork"}, "unless": "spec.gateway.externalRgwEndpoints"},
)]

rows["ceph.rook.io/CephRBDMirror"] := [_ceph("spec", "rbd-mirror")]

# ceph-csi-operator's structure as Rook 1.20.6 brings it: what one of the two does not set, the other may.
rows["csi.ceph.io/Driver"] := _ceph_csi("spec")

rows["csi.ceph.io/OperatorConfig"] := _ceph_csi("spec.driverSpecDefaults")

# CloudNativePG 1.30.0, GetPodSecurityContext and GetSecurityContext of pkg/specs.
rows["postgresql.cnpg.io/Cluster"] := [{
	"at": "spec",
	"name": "postgres",
	"pod": {
		"priorityClassName": "priorityClassName",
		"securityContext": "podSecurityContext",
		"topologySpreadConstraints": "topologySpreadConstraints",
	},
	"container": {
		"env": "env",
		"envFrom": "envFrom",
		"image": "imageName",
		"imagePullPolicy": "imagePullPolicy",
		"resources": "resources",
		"securityContext": "securityContext",
	},
	"sets": {"container": {"securityContext": {
		"allowPrivilegeEscalation": false,
		"capabilities": {"drop": ["ALL"]},
		"privileged": false,
		"readOnlyRootFilesystem": true,
		"runAsNonRoot": true,
		"seccompProfile": {"type": "RuntimeDefault"},
	}}},
}]

rows["postgresql.cnpg.io/Pooler"] := [
	{"at": "spec.template.spec", "overlay": true},
	{"at": "spec.pgbouncer", "name": "pgbouncer", "overlay": true, "container": {"image": "image"}},
]

# Elastic Cloud on Kubernetes 3.5.0: it sets resources and a security context of its own, by version and licence.
rows["agent.k8s.elastic.co/Agent"] := _elastic(
	"agent",
	["spec.daemonSet.podTemplate.spec", "spec.deployment.podTemplate.spec", "spec.statefulSet.podTemplate.spec"],
)

rows["apm.k8s.elastic.co/ApmServer"] := _elastic("apm-server", ["spec.podTemplate.spec"])

rows["beat.k8s.elastic.co/Beat"] := _elastic("beat", ["spec.daemonSet.podTemplate.spec", "spec.deployment.podTemplate.spec"])

rows["elasticsearch.k8s.elastic.co/Elasticsearch"] := array.concat(
	_overlays(["spec.nodeSets.*.podTemplate.spec"]),
	[
		{"at": "spec", "name": "elasticsearch", "overlay": true, "container": {"image": "image"}},
		{"at": "spec.nodeSets.*", "name": "elasticsearch", "overlay": true, "container": {"resources": "resources"}},
	],
)

rows["enterprisesearch.k8s.elastic.co/EnterpriseSearch"] := _elastic("enterprise-search", ["spec.podTemplate.spec"])

rows["kibana.k8s.elastic.co/Kibana"] := _elastic("kibana", ["spec.podTemplate.spec"])

rows["logstash.k8s.elastic.co/Logstash"] := _elastic("logstash", ["spec.podTemplate.spec"])

rows["maps.k8s.elastic.co/ElasticMapsServer"] := _elastic("maps", ["spec.podTemplate.spec"])

# Strimzi 1: by its documentation it sets no resources. What its security contexts are is its provider's to say.
rows["kafka.strimzi.io/Kafka"] := array.flatten([
	[_strimzi_pod(at, container) |
		some at, container in {
			"spec.cruiseControl": "cruiseControlContainer",
			"spec.kafka": "kafkaContainer",
			"spec.kafkaExporter": "container",
		}
	],
	[{"at": at, "name": name, "container": {"image": "image", "resources": "resources"}} |
		some at, name in {
			"spec.cruiseControl": "cruise-control",
			"spec.entityOperator.topicOperator": "topic-operator",
			"spec.entityOperator.userOperator": "user-operator",
			"spec.kafkaExporter": "kafka-exporter",
		}
	],
	{"at": "spec.kafka", "name": "kafka", "overlay": true, "container": {"image": "image"}},
])

rows["kafka.strimzi.io/KafkaBridge"] := [_strimzi("kafka-bridge"), _strimzi_pod("spec", "bridgeContainer")]

rows["kafka.strimzi.io/KafkaConnect"] := [_strimzi("kafka-connect"), _strimzi_pod("spec", "connectContainer")]

rows["kafka.strimzi.io/KafkaMirrorMaker2"] := [_strimzi("mirrormaker2"), _strimzi_pod("spec", "connectContainer")]

rows["kafka.strimzi.io/KafkaNodePool"] := [
	{"at": "spec", "name": "kafka", "container": {"resources": "resources"}},
	_strimzi_pod("spec", "kafkaContainer"),
]

_ceph(at, name) := {
	"at": at,
	"name": name,
	"pod": {"priorityClassName": "priorityClassName"},
	"container": {"resources": "resources"},
}

_ceph_csi(at) := array.concat(
	[{
		"at": sprintf("%s.controllerPlugin", [at]),
		"name": "controller",
		"overlay": true,
		"pod": {"hostNetwork": "hostNetwork", "priorityClassName": "priorityClassName"},
		"container": {},
	}],
	[{"at": sprintf("%s.%s.resources.*", [at, plugin]), "overlay": true, "container": {"resources": ""}} |
		some plugin in ["controllerPlugin", "nodePlugin"]
	],
)

_elastic(name, paths) := array.concat(
	_overlays(paths),
	[{"at": "spec", "name": name, "overlay": true, "container": {"image": "image", "resources": "resources"}}],
)

_strimzi(name) := {"at": "spec", "name": name, "container": {"image": "image", "resources": "resources"}}

_strimzi_pod(at, container) := {
	"at": at,
	"name": container,
	"overlay": true,
	"pod": {field: sprintf("template.pod.%s", [field]) |
		some field in ["hostAliases", "priorityClassName", "securityContext", "volumes"]
	},
	"container": {field: sprintf("template.%s.%s", [container, field]) |
		some field in ["env", "securityContext", "volumeMounts"]
	},
}
