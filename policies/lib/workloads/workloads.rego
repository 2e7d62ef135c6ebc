# METADATA
# title: Pods and containers of workloads
# description: Finds the pod spec of an object wherever it stands, and its containers with their paths.
package lib.workloads

# _pod_paths says where the pod spec stands, by API group and kind.
_pod_paths := {
	"": {"Pod": ["spec"]},
	"apps": {
		"DaemonSet": ["spec", "template", "spec"],
		"Deployment": ["spec", "template", "spec"],
		"ReplicaSet": ["spec", "template", "spec"],
		"StatefulSet": ["spec", "template", "spec"],
	},
	"batch": {
		"CronJob": ["spec", "jobTemplate", "spec", "template", "spec"],
		"Job": ["spec", "template", "spec"],
	},
}

# _container_lists are the fields of a pod spec that hold containers.
_container_lists := ["containers", "ephemeralContainers", "initContainers"]

# pod_path is where the pod spec of an object stands; undefined where the object runs no pods.
pod_path(workload) := _pod_paths[_group(workload)][workload.kind]

# pod is the pod spec of an object; undefined where it has none.
pod(workload) := spec if {
	spec := object.get(workload, pod_path(workload), null)
	is_object(spec)
}

# containers are the containers of an object, init and ephemeral ones among them. Each has its name ("" where it has
# none), the list it stands in, its path and its spec.
containers(workload) := [container |
	some list in _container_lists
	some i, spec in pod(workload)[list]
	container := {
		"name": _name(spec),
		"list": list,
		"at": array.concat(pod_path(workload), [list, i]),
		"spec": spec,
	}
]

# security is the setting of a securityContext that holds for a container, with its path: the container's own, else
# the pod's. It is undefined where neither is set; null counts as not set.
security(workload, container, field) := setting if {
	value := container.spec.securityContext[field]
	value != null
	setting := {
		"field": field,
		"of": "container",
		"value": value,
		"at": array.concat(container.at, ["securityContext", field]),
	}
} else := setting if {
	value := pod(workload).securityContext[field]
	value != null
	setting := {
		"field": field,
		"of": "pod",
		"value": value,
		"at": array.concat(pod_path(workload), ["securityContext", field]),
	}
}

# request is what the scheduler sets aside for a container: its own request, else its limit, which Kubernetes takes
# for one, else the pod's. It is undefined where nothing or zero is set aside.
request(workload, container, resource) := amount if {
	amount := _request(container.spec.resources, resource)
	not _is_zero(amount)
} else := amount if {
	amount := _request(pod(workload).resources, resource)
	not _is_zero(amount)
}

# limit is what a container may use at most, or all containers of its pod together. It is undefined where there is no
# limit; zero is none.
limit(workload, container, resource) := amount if {
	amount := _quantity(container.spec.resources.limits, resource)
	not _is_zero(amount)
} else := amount if {
	amount := _quantity(pod(workload).resources.limits, resource)
	not _is_zero(amount)
}

# shown is a value as messages write it: "not set" where the object holds none at path.
shown(workload, path) := text(value) if {
	value := object.get(workload, path, null)
	value != null
} else := "not set"

# text is a value as messages write it. json.marshal alone writes for HTML, which a message is not.
text(value) := strings.replace_n({`\u0026`: "&", `\u003c`: "<", `\u003e`: ">"}, json.marshal(value))

_group(workload) := split(workload.apiVersion, "/")[0] if {
	contains(workload.apiVersion, "/")
} else := ""

_name(spec) := spec.name if {
	is_string(spec.name)
} else := ""

_request(resources, resource) := amount if {
	amount := _quantity(resources.requests, resource)
} else := _quantity(resources.limits, resource)

_quantity(amounts, resource) := amounts[resource] if amounts[resource] != null

_is_zero(amount) if regex.match(`^[+-]?0*\.?0*([eE][+-]?[0-9]+|[a-zA-Z]*)$`, sprintf("%v", [amount]))
